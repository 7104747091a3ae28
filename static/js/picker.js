"use strict";
/* A field that names a row by part of its name becomes a combobox: it asks while one types and offers what is meant.
   Without this script the form itself comes back with the choices (portal.web.forms.picking). */
(() => {
  const WAIT = 250; // ms after the last letter

  function combobox(box) {
    const field = box.querySelector("input[type=text]");
    const answered = box.querySelector("input[name$='-answered']");
    const lines = box.dataset.pickInto && document.getElementById(box.dataset.pickInto); // what is taken is a line there
    const list = document.createElement("ul");
    const status = document.createElement("div");
    let [choices, active, timer, asked] = [[], -1, 0, 0];

    [list.id, list.className, list.hidden] = [`${field.id}_list`, "pick-list", true];
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", field.labels[0]?.textContent.replace("*", "").trim() || field.getAttribute("aria-label"));
    status.className = "visually-hidden";
    status.setAttribute("role", "status");
    box.append(list, status);
    for (const [name, value] of Object.entries({
      role: "combobox", "aria-autocomplete": "list", "aria-haspopup": "listbox", "aria-expanded": "false", "aria-controls": list.id,
    })) field.setAttribute(name, value);

    const key = () => {
      let input = box.querySelector("input[type=hidden][name$='-key']");
      if (input) return input;
      const offered = box.querySelector(".pick-hits"); // of the page as it came; what is picked here replaces it
      input = document.createElement("input");
      [input.type, input.name] = ["hidden", offered.querySelector("input").name];
      offered.replaceWith(input);
      return input;
    };
    const close = () => {
      asked++; // an answer that is still on its way comes too late
      clearTimeout(timer);
      list.hidden = true;
      field.setAttribute("aria-expanded", "false");
      mark(-1);
    };
    function mark(place) {
      active = place;
      for (const [i, option] of [...list.children].entries()) option.setAttribute("aria-selected", String(i === place));
      if (place < 0) return field.removeAttribute("aria-activedescendant");
      field.setAttribute("aria-activedescendant", list.children[place].id);
      list.children[place].scrollIntoView({ block: "nearest" });
    }
    function take(place) {
      const choice = choices[place];
      if (lines) {
        lines.value = `${lines.value.trim()}\n${choice.text}`.trim();
        field.value = "";
        close();
        return lines.dispatchEvent(new Event("input", { bubbles: true }));
      }
      field.value = choice.text;
      if (answered) [answered.value, key().value] = [choice.text, choice.key];
      close();
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
    function option(choice, place) {
      const [line, note] = [document.createElement("li"), document.createElement("small")];
      line.id = `${list.id}_${place}`;
      line.setAttribute("role", "option");
      [line.textContent, note.textContent] = [choice.text, choice.note];
      if (choice.note) line.append(" ", note);
      line.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
      line.addEventListener("click", () => take(place));
      return line;
    }
    async function ask() {
      const mine = ++asked;
      const url = new URL(box.dataset.pick, location.href);
      url.searchParams.set("q", field.value);
      url.searchParams.set("about", besides());
      const answer = await fetch(url, { headers: { Accept: "application/json" } }).catch(() => null);
      const told = answer && !answer.redirected ? await answer.json().catch(() => null) : null;
      if (mine !== asked || !told) return;
      choices = told.choices;
      list.replaceChildren(...choices.map(option));
      list.setAttribute("role", choices.length ? "listbox" : "presentation"); // a listbox without options is none
      list.dataset.said = status.textContent = told.said;
      list.hidden = false;
      field.setAttribute("aria-expanded", String(choices.length > 0));
      mark(-1);
    }
    function besides() {
      const { pickAbout, pickBeside } = box.dataset;
      if (!pickBeside) return pickAbout;
      const name = field.name.replace(/[^-]+$/, pickBeside);
      return field.form.elements[`${name}-key`]?.value || "";
    }

    field.addEventListener("input", () => {
      clearTimeout(timer);
      if (field.value.trim().length < 2) return close();
      timer = setTimeout(ask, WAIT);
    });
    field.addEventListener("keydown", (event) => {
      const open = !list.hidden && choices.length > 0;
      if (event.key === "Escape" && !list.hidden) { close(); event.preventDefault(); }
      else if (event.key === "Enter" && open && active >= 0) { take(active); event.preventDefault(); }
      else if (["ArrowDown", "ArrowUp"].includes(event.key)) {
        event.preventDefault();
        if (!open) return field.value.trim() && ask();
        const step = event.key === "ArrowDown" ? 1 : -1;
        mark(active < 0 && step < 0 ? choices.length - 1 : (active + step + choices.length) % choices.length);
      }
    });
    field.addEventListener("focus", () => field.value && field.value === answered?.value && field.select());
    field.addEventListener("blur", close);
  }

  // several lines, each of which names a row: a search stands beside them and adds what is meant
  function adder(area) {
    const [box, input] = [document.createElement("div"), document.createElement("input")];
    Object.assign(box.dataset, { pick: area.dataset.pickLines, pickAbout: area.dataset.pickAbout });
    if (area.matches("input")) { // one line is the combobox itself
      box.className = "pick";
      area.removeAttribute("data-pick-lines");
      area.replaceWith(box);
      box.append(area);
      return combobox(box);
    }
    box.className = "pick mt-1";
    box.dataset.pickInto = area.id;
    Object.assign(input, { type: "text", id: `${area.id}_add`, className: "form-control form-control-sm", autocomplete: "off" });
    for (const name of ["aria-label", "placeholder"]) input.setAttribute(name, area.dataset.pickWords);
    area.removeAttribute("data-pick-lines");
    box.append(input);
    area.after(box);
    combobox(box);
  }

  // rows that are added later are met when they are first gone into
  document.addEventListener("focusin", ({ target }) => {
    const box = target.matches?.("[data-pick] > input[type=text]:not([role])") && target.parentElement;
    if (box) combobox(box);
    if (target.matches?.("[data-pick-lines]")) adder(target);
  });
  // those that an adder makes are comboboxes already
  for (const box of document.querySelectorAll("[data-pick]")) if (!box.closest("template")) combobox(box);
  for (const area of document.querySelectorAll("[data-pick-lines]")) if (!area.closest("template")) adder(area);
})();
