"use strict";
/* What a page does beyond answering: it keeps the session and the draft, and saves clicks. Every page works without it. */
(() => {
  const find = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const say = (node, words) => node && node.textContent !== words && (node.textContent = words);
  const put = (words, value) => (words || "").replace("%s", value);

  // a browser may refuse storage; then nothing is kept, and nothing breaks
  const store = {
    get(key) { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
    set(key, value) { try { localStorage.setItem(key, JSON.stringify(value)); return true; } catch { return false; } },
    forget(start) { try { for (const key of Object.keys(localStorage)) if (key.startsWith(start)) localStorage.removeItem(key); } catch { /* as above */ } },
    drop(key) { try { localStorage.removeItem(key); } catch { /* nothing was kept */ } },
  };

  // --- passkeys: a browser that has none, or a person who thinks better of it ---
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    for (const words of all("[data-passkey-failed]")) words.hidden = false;
  });

  // --- the session: one deadline for all tabs of this browser ---
  const { idleSeconds, keepUrl, loginUrl } = document.body.dataset;
  const idle = Number(idleSeconds || 0) * 1000;
  const DEADLINE = "portal-deadline";
  const WARNING = 60;
  const PATIENCE = 20000; // ms until an answer counts as lost
  const moveDeadline = () => { if (idle) store.set(DEADLINE, Date.now() + idle); };

  async function send(url, data) {
    const answer = await fetch(url, {
      method: "POST",
      body: data,
      redirect: "manual", // a redirect means the sign-in page
      signal: AbortSignal.timeout(PATIENCE),
      keepalive: document.visibilityState === "hidden", // lets the last save outlive the page
      headers: {
        "X-CSRFToken": find("input[name=csrfmiddlewaretoken]")?.value || "",
        "X-Requested-With": "XMLHttpRequest",
        Accept: "application/json",
      },
    });
    if (answer.ok) moveDeadline();
    return answer;
  }

  function watchSession() {
    const dialog = find("#idle");
    const [warning, ended] = [find("[data-idle-warning]", dialog), find("[data-idle-ended]", dialog)];
    const [figure, spoken] = [find("[data-idle-left]", dialog), find("[data-idle-spoken]", dialog)];
    let timer;
    const end = () => {
      clearInterval(timer);
      document.dispatchEvent(new Event("portal:ended"));
      // the server's session may live a little longer: what the page says shall be true at once
      const out = find("form[data-signs-out]", dialog);
      const leave = new FormData(out);
      leave.set("idle", "1"); // so that the draft of this browser stays
      fetch(out.action, { method: "POST", body: leave, redirect: "manual" }).catch(() => {});
      warning.hidden = true;
      ended.hidden = false;
      dialog.classList.add("ended");
      dialog.setAttribute("aria-labelledby", "ended-title");
      find("a", ended).href = loginUrl;
      dialog.addEventListener("cancel", (event) => event.preventDefault());
      if (!dialog.open) dialog.showModal();
      find("a", ended).focus();
    };
    const tick = () => {
      const left = Math.ceil(((store.get(DEADLINE) ?? Date.now() + idle) - Date.now()) / 1000);
      if (left <= 0) return end();
      if (left > WARNING) return dialog.open && dialog.close();
      if (!dialog.open) dialog.showModal();
      say(figure, String(left));
      // a voice that counts every second would be of no use
      const step = [10, 30, 60].find((mark) => left <= mark);
      say(spoken, put(spoken.dataset.words, step));
    };
    find("[data-idle-keep]", dialog).addEventListener("click", async () => {
      try {
        const answer = await send(keepUrl, new FormData());
        if (answer.ok) dialog.close();
        else end();
      } catch { say(spoken, spoken.dataset.offline); }
    });
    moveDeadline();
    timer = setInterval(tick, 1000);
  }
  if (idle && find("#idle")) watchSession();
  // signing out cleared what this browser kept: the other tabs hear of it here
  else if (document.body.classList.contains("entrance")) store.set(DEADLINE, 0);

  // --- drafts that save themselves ---
  const savers = [];

  // what an answer changes on the page waits while something is being pressed, or the press would miss what it was for
  let pressed = Promise.resolve();
  document.addEventListener("pointerdown", () => {
    pressed = new Promise((done) => {
      for (const name of ["pointerup", "pointercancel"]) window.addEventListener(name, () => setTimeout(done), { once: true });
    });
  }, true);

  function autosave(form) {
    const { autosaveUrl, draftKey } = form.dataset;
    const key = `draft:${draftKey}`;
    const status = find("[data-autosave-status]", form) || find("[data-autosave-status]");
    const words = status?.dataset || {};
    const tab = form.elements.tab;
    let [timer, dirty, kept, stopped, running] = [0, false, false, false, null];
    let [faults, warned] = [[], false]; // what the portal did not take of the last saving: {name, label, words}

    const version = () => form.elements.version?.value;
    const fields = () => [...new FormData(form)].filter(
      ([name, value]) => typeof value === "string" && !["csrfmiddlewaretoken", "version", "tab"].includes(name),
    );
    const pending = find("[data-autosave-pending]", form);
    const show = (text, bad = false) => { say(status, text); status?.classList.toggle("bad", bad); wait(dirty && !bad); };
    // its place is kept while nothing waits: a button that moved as it is pressed would not be pressed
    const wait = (on) => pending?.classList.toggle("invisible", !on);
    if (pending) pending.hidden = false;
    const chosen = () => all("input[type=file]", form).some((input) => input.files.length); // they go with the form alone
    const keep = (submitted = false) => {
      kept = store.set(key, { version: version(), fields: fields(), submitted });
      return kept;
    };
    const fail = (text) => {
      dirty = true;
      show(keep() ? text : words.unkept || text, true);
      clearTimeout(timer);
      if (!stopped) timer = setTimeout(save, 30000);
    };

    // one more saving of this page: so the portal knows a page again whose answer was lost on the way
    const count = () => { if (tab) tab.value = tab.value.replace(/\d+$/, (number) => Number(number) + 1); };

    async function post() {
      if (!autosaveUrl) { // there is no paper yet: the browser keeps what is typed until it is sent
        dirty = false;
        return show(keep() ? words.here : words.unkept, !kept);
      }
      count();
      const data = new FormData(form);
      for (const input of all("input[type=file]", form)) data.delete(input.name); // files go with the form itself
      dirty = false;
      let answer;
      try { answer = await send(autosaveUrl, data); } catch { return fail(words.offline); }
      const told = await answer.json().catch(() => ({}));
      await pressed;
      if (answer.status === 409) {
        stopped = true;
        fail(told.own ? words.own : words.conflict);
        const link = document.createElement("a");
        [link.href, link.textContent] = [told.conflict_url || location.href, words.conflictLink];
        return status?.append(" ", link);
      }
      if (answer.type === "opaqueredirect" || [401, 403].includes(answer.status)) {
        stopped = true;
        return fail(words.expired);
      }
      if ([400, 413, 422].includes(answer.status)) return fail(put(words.invalid, (told.errors || []).join("; ")));
      if (!answer.ok) return fail(words.offline);
      // every form of the page speaks of the same paper, so each must name the version that is now on the server
      if (told.version != null) for (const input of all("input[name=version]")) input.value = told.version;
      for (const [name, value] of Object.entries(told.ids || {})) if (form.elements[name]) form.elements[name].value = value;
      for (const [id, [done, total]] of Object.entries(told.sections || {})) tellSection(id, done, total);
      faults = told.faults || [];
      markFaults(form, faults, data);
      // what was not taken stays in this browser, the rest is with the portal
      if (!dirty && !faults.length) { store.drop(key); kept = false; }
      if (faults.length) keep();
      tellSaved(told.saved_at);
    }

    function tellSaved(at) {
      show(put(words.saved, at || "") + (faults.length ? ` · ${words.fault}` : ""), faults.length > 0);
      for (const [place, fault] of faults.slice(0, 3).entries()) {
        const link = document.createElement("a");
        [link.href, link.textContent] = [`#${fault.id}`, fault.label];
        status?.append(place ? ", " : " ", link);
      }
      if (faults.length > 3) status?.append(` +${faults.length - 3}`);
    }

    async function save() {
      clearTimeout(timer);
      while (running) await running;
      if (!dirty || stopped) return;
      running = post();
      await running;
      running = null;
    }

    const changed = () => {
      dirty = true;
      kept = false;
      warned = false;
      clearTimeout(timer);
      if (stopped) return keep();
      wait(true);
      timer = setTimeout(save, 2000);
    };

    function restore(copy) {
      for (const [name, value] of copy.fields) {
        if (!name.endsWith("-TOTAL_FORMS")) continue;
        const button = find(`[data-formset="${CSS.escape(name.slice(0, -12))}"] [data-add-row]`, form);
        while (button && Number(form.elements[name].value) < Number(value)) addRow(button);
      }
      const values = new Map();
      for (const [name, value] of copy.fields) values.set(name, [...(values.get(name) || []), value]);
      for (const field of form.elements) {
        if (!field.name || /^(csrfmiddlewaretoken|tab|.*-(TOTAL|INITIAL)_FORMS|.*-id)$/.test(field.name)) continue;
        const own = values.get(field.name) || [];
        if (["checkbox", "radio"].includes(field.type)) field.checked = own.includes(field.value);
        else if (field.type === "select-multiple") for (const option of field.options) option.selected = own.includes(option.value);
        else if (own.length && field.type !== "file") field.value = own.shift();
      }
      // an older version stays named, so that the server shows both texts instead of one overwriting the other
      if (form.elements.version) form.elements.version.value = copy.version;
      changed();
    }

    const copy = store.get(key);
    const offer = find("[data-draft-offer]", form) || find("[data-draft-offer]");
    if (copy && (JSON.stringify(copy.fields) === JSON.stringify(fields()) || (copy.submitted && (!autosaveUrl || copy.version !== version())))) store.drop(key);
    else if (copy && offer) {
      find("[data-draft-stale]", offer).hidden = copy.version === version();
      offer.hidden = false;
      find("[data-draft-restore]", offer).addEventListener("click", () => { restore(copy); offer.hidden = true; });
      find("[data-draft-discard]", offer).addEventListener("click", () => { store.drop(key); offer.hidden = true; });
    }

    show((autosaveUrl ? words.ready : words.here) || "");
    form.addEventListener("input", changed);
    form.addEventListener("change", changed);
    form.addEventListener("focusout", save);
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && save());
    window.addEventListener("online", save);
    window.addEventListener("beforeunload", (event) => { if (dirty && !kept) event.preventDefault(); });
    document.addEventListener("portal:ended", () => { stopped = true; if (dirty) fail(words.expired); });
    savers.push({
      form,
      waits: (other) => Boolean(running) || (other !== form && dirty && !stopped),
      flush: save,
      unsaved: () => dirty || faults.length > 0 || chosen(),
      behind: () => dirty,
      // whoever would leave something behind is told once, at the place, and may leave then
      hold() {
        if (!dirty && !faults.length && !chosen() || warned || stopped && kept) return false;
        warned = true;
        status?.append(` ${chosen() ? words.files : words.stay}`);
        if (faults.length) document.getElementById(faults[0].id)?.focus();
        else status?.scrollIntoView({ block: "nearest" });
        return true;
      },
      leave: () => { count(); keep(true); dirty = false; stopped = true; clearTimeout(timer); },
    });
  }

  // how far a part of the page is, in the index above the form
  function tellSection(id, done, total) {
    const figure = find(`.sections a[href="#${CSS.escape(id)}"] .num`);
    if (!figure) return;
    say(find("[data-done]", figure), `${done}/${total}`);
    figure.hidden = !total;
    figure.classList.toggle("whole", done === total);
  }

  // what was not taken, told at its field as the portal's own pages do
  function markFaults(form, faults, sent) {
    for (const node of all("[data-told]", form)) node.remove();
    for (const field of all("[data-wrong]", form)) {
      for (const name of ["aria-invalid", "data-wrong"]) field.removeAttribute(name);
      field.classList.remove("is-invalid");
      describe(field, `${field.id}_error`, false);
    }
    for (const { id, words } of faults) {
      const field = document.getElementById(id);
      if (!field || !form.contains(field) || field.value === "" && !field.validity.badInput) continue; // a row is being begun: the bar says so
      if (sent && typeof sent.get(field.name) === "string" && sent.get(field.name) !== field.value) continue; // it was written on since
      document.getElementById(`${id}_error`)?.remove(); // of the page as it came
      const box = document.createElement("div");
      [box.id, box.className, box.textContent] = [`${id}_error`, "invalid-feedback d-block", words];
      box.dataset.told = "";
      field.dataset.wrong = "";
      field.setAttribute("aria-invalid", "true");
      field.classList.add("is-invalid");
      describe(field, box.id, true);
      const help = document.getElementById(`${id}_helptext`);
      (help && help.parentElement === field.parentElement ? help : field).after(box);
    }
  }
  function describe(field, id, on) {
    const others = (field.getAttribute("aria-describedby") || "").split(" ").filter((one) => one && one !== id);
    if (on) others.push(id);
    if (others.length) field.setAttribute("aria-describedby", others.join(" "));
    else field.removeAttribute("aria-describedby");
  }

  // --- a day of which a part is missing is no empty one: the portal is told that something stands there ---
  document.addEventListener("formdata", ({ target, formData }) => {
    for (const field of target.elements) if (field.name && field.validity?.badInput) formData.set(field.name, "?");
  });

  // --- rows of a formset ---
  function addRow(button) {
    const set = button.closest("[data-formset]");
    const total = find(`[name="${CSS.escape(set.dataset.formset)}-TOTAL_FORMS"]`);
    const holder = document.createElement("template");
    holder.innerHTML = find("template", set).innerHTML.replaceAll("__prefix__", total.value);
    const row = holder.content.firstElementChild;
    find("[data-rows]", set).append(holder.content);
    total.value = Number(total.value) + 1;
    return row;
  }

  // --- the list of what is wrong: focus goes there, and from there to the field ---
  find("[data-errors]")?.focus();
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-errors] a, [data-autosave-status] a");
    const field = link?.hash && document.getElementById(link.hash.slice(1));
    if (!field) return;
    for (const box of all("details:not([open])")) if (box.contains(field)) box.open = true;
    setTimeout(() => field.focus()); // after the browser has gone there
  });

  // --- nobody leaves a page before its drafts are saved ---
  async function settled(savers) {
    await Promise.all(savers.map((saver) => saver.flush()));
    return !savers.some((saver) => saver.hold());
  }
  const leavingFor = (link) => link.href && !link.target && !link.hasAttribute("download") && /^http/.test(link.protocol)
    && !(link.hash && link.href.split("#")[0] === location.href.split("#")[0]);
  document.addEventListener("click", async (event) => {
    const link = event.target.closest?.("a[href]");
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (!leavingFor(link)) return;
    const waiting = savers.filter((saver) => saver.waits(null) || saver.unsaved());
    if (!waiting.length) return;
    event.preventDefault();
    if (await settled(waiting)) location.assign(link.href);
  });

  // --- a form is sent once, and never past a draft that is still on its way ---
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented) return;
    if (form.dataset.sent) return event.preventDefault();
    const others = savers.filter((saver) => saver.form !== form && saver.unsaved());
    const waiting = form.dataset.flushed ? [] : [...new Set([...savers.filter((saver) => saver.waits(form)), ...others])];
    delete form.dataset.flushed;
    if (waiting.length) {
      event.preventDefault();
      const { submitter } = event;
      Promise.all(waiting.map((saver) => saver.flush())).then(() => {
        const left = waiting.filter((saver) => saver.form !== form);
        if (left.some((saver) => saver.hold())) return;
        // a step on a paper must not leave its newest words behind
        if (form.elements.version && left.some((saver) => saver.behind())) return;
        form.dataset.flushed = "1";
        form.requestSubmit(submitter);
      });
      return;
    }
    if (form.method !== "post") return;
    if ("signsOut" in form.dataset) { store.set(DEADLINE, 0); store.forget("draft:"); }
    for (const saver of savers) if (saver.form === form) saver.leave();
    if ("again" in form.dataset) return;
    form.dataset.sent = "1";
    // after this event, or the button's own name and value would not be sent
    setTimeout(() => { if (event.submitter) { event.submitter.disabled = true; event.submitter.setAttribute("aria-busy", "true"); } });
  });
  window.addEventListener("pageshow", (event) => { // the back button shows the page as it was left
    if (!event.persisted) return;
    for (const form of all("form[data-sent]")) delete form.dataset.sent;
    for (const button of all("[aria-busy]")) { button.disabled = false; button.removeAttribute("aria-busy"); }
  });

  // --- small helps ---
  const count = (name) => {
    const boxes = all(`input[type=checkbox][name="${CSS.escape(name)}"]:not(:disabled)`);
    const ticked = boxes.filter((box) => box.checked).length;
    for (const node of all(`[data-count="${CSS.escape(name)}"]`)) say(node, String(ticked));
    for (const box of all(`[data-select-all="${CSS.escape(name)}"]`)) {
      box.checked = ticked > 0 && ticked === boxes.length;
      box.indeterminate = ticked > 0 && ticked < boxes.length;
    }
  };
  document.addEventListener("change", ({ target }) => {
    if (target.matches("select[data-autosubmit]")) return target.form.requestSubmit();
    const name = target.dataset.selectAll || target.name;
    if (target.type !== "checkbox" || !name) return;
    if (target.dataset.selectAll) for (const box of all(`input[type=checkbox][name="${CSS.escape(name)}"]:not(:disabled)`)) box.checked = target.checked;
    count(name);
  });
  for (const box of all("[data-select-all]")) count(box.dataset.selectAll);

  document.addEventListener("click", async (event) => {
    for (const menu of all("details[data-menu][open]")) if (!menu.contains(event.target)) menu.open = false;
    const button = event.target.closest("[data-add-row], [data-print], [data-copy]");
    if (!button) return;
    event.preventDefault();
    if ("print" in button.dataset) return window.print();
    if ("addRow" in button.dataset) return find("input:not([type=hidden]), select, textarea", addRow(button))?.focus();
    // plain http on an inner network has no clipboard
    const done = await navigator.clipboard?.writeText(button.dataset.copy).then(() => true, () => false);
    if (done && button.dataset.copied) say(button, button.dataset.copied);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of all("details[data-menu][open]")) { menu.open = false; find("summary", menu).focus(); }
  });

  // --- a branch of a tree is fetched when it is first opened; its link remains where that fails ---
  document.addEventListener("toggle", async ({ target }) => {
    const url = target.dataset?.load;
    if (!url || !target.open) return;
    delete target.dataset.load;
    target.setAttribute("aria-busy", "true");
    const answer = await fetch(url).catch(() => null);
    target.removeAttribute("aria-busy");
    if (!answer?.ok || answer.redirected) { target.dataset.load = url; return; }
    find("[data-branch]", target).innerHTML = await answer.text();
  }, true);
  // --- what the server says of words while they are being typed: the box names the page to ask and where to put the answer ---
  for (const box of all("[data-ask]")) {
    const field = find("input, textarea", box);
    let timer;
    field.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(async () => {
        const url = new URL(box.dataset.ask, location.href);
        url.searchParams.set(field.name, field.value);
        const answer = await fetch(url).catch(() => null);
        if (answer?.ok && !answer.redirected) document.getElementById(box.dataset.askInto).innerHTML = await answer.text();
      }, 600);
    });
  }

  // --- work in the background: its state is asked for until it has ended ---
  async function poll(box) {
    const answer = await fetch(box.dataset.poll).catch(() => null);
    if (answer?.ok && !answer.redirected) box.innerHTML = await answer.text();
    if (find("progress, .tone-waiting", box)) setTimeout(poll, 2000, box);
  }
  for (const box of all("[data-poll]")) if (find(".tone-waiting", box)) setTimeout(poll, 1000, box);

  for (const form of all("form[data-autosave-url]")) autosave(form);
})();
