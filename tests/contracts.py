"""Contracts of imports that import-linter does not bring."""

from importlinter import Contract, ContractCheck, fields, output


class PrivateFiles(Contract):
    """Files of these names are imported only inside the area, `<app>.<area>`, in which they stand; config joins all."""

    type_name = "private_files"

    apps = fields.SetField(subfield=fields.StringField())
    names = fields.SetField(subfield=fields.StringField())

    def check(self, graph, verbose):
        broken = sorted(
            (importer, module)
            for module in graph.modules
            if self._private(path := module.split("."))
            for importer in graph.find_modules_that_directly_import(module)
            if importer.split(".")[:2] != path[:2] and not importer.startswith("config.")
        )
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def render_broken_contract(self, check):
        for importer, module in check.metadata["broken"]:
            output.print_error(f"{importer} imports {module}, a private file of another area", bold=False)

    def _private(self, path):
        return len(path) > 2 and path[0] in self.apps and path[2] in self.names
