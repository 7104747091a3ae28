"""The demo's data is made once on each engine; every drill gets a copy of it and processes of its own."""

import os
import shutil
import subprocess

import pytest

from tests.drills import postgres, stack


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.parent.name == "drills":
            item.add_marker(pytest.mark.drill)


@pytest.fixture(scope="session")
def demo_of(tmp_path_factory):
    """A folder that holds the demo on the engine, not running."""
    made = {}

    def demo(engine):
        if engine in made:
            return made[engine]
        folder = tmp_path_factory.mktemp(engine)
        if engine == "postgresql":  # the server's own user must be able to reach its folder
            for above in (folder, *folder.parents[:2]):
                above.chmod(0o755)
        env = stack.environment(folder / "data")
        (folder / "data" / "files").mkdir(parents=True)
        cluster = folder / "postgres"
        if engine == "postgresql":
            port = stack.free_port()
            postgres.make_cluster(cluster)
            postgres.control(cluster, "start", port)
            env["DATABASE_URL"] = f"postgres://postgres@127.0.0.1:{port}/portal"
        steps = [("migrate", "-v", "0"), ("collectstatic", "--noinput", "-v", "0"), ("demo",)]
        for other in made.values():  # its static files are the same
            shutil.copytree(other / "data" / "static", folder / "data" / "static")
            del steps[1]
        try:
            if engine == "postgresql":
                words = [str(postgres.binaries() / "createdb"), "-h", "127.0.0.1", "-p", str(port), "-U", "postgres"]
                subprocess.run([*words, "portal"], check=True)
            for words in steps:
                done = stack.manage(env, *words)
                assert done.returncode == 0, done.stdout + done.stderr
        finally:
            if engine == "postgresql":
                postgres.control(cluster, "stop")
        made[engine] = folder
        return folder

    return demo


@pytest.fixture
def portal(tmp_path, demo_of, small_disk):  # which goes after the processes on it
    """Makes portals for this drill: `portal("postgresql", "redis").start()`."""
    made = []

    def make(engine="sqlite", broker="filesystem", folder=None):
        if engine == "postgresql" and not postgres.binaries():
            pytest.skip("NOT TESTED: PostgreSQL is not installed on this machine")
        if broker == "redis" and not shutil.which("redis-server"):
            pytest.skip("NOT TESTED: Redis is not installed on this machine")
        for above in (tmp_path, *tmp_path.parents[:2]):
            above.chmod(0o755)
        one = stack.Stack(folder or tmp_path / f"portal{len(made)}", demo_of(engine), engine=engine, broker=broker)
        made.append(one)
        return one

    yield make
    for one in made:
        one.close()


@pytest.fixture
def small_disk(tmp_path):
    """Makes small file systems: `small_disk(60)` is a folder with 60 MB of room."""
    mounted = []

    def make(megabytes):
        if os.getuid() != 0 or not shutil.which("mount"):
            pytest.skip("NOT TESTED: a full disk (needs root to mount a small one)")
        room = stack.small_disk(tmp_path / f"disk{len(mounted)}", megabytes)
        mounted.append(room)
        try:
            return room.__enter__()
        except subprocess.CalledProcessError:
            mounted.pop()
            pytest.skip("NOT TESTED: a full disk (mounting is not allowed here)")

    yield make
    for room in mounted:
        room.__exit__(None, None, None)
