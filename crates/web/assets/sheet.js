// A yearly return as a sheet: Enter and arrows go from cell to cell, F2 edits in a cell, Escape gives the old value back, a
// block from another sheet can be pasted, and what was typed is saved as one goes. Without this file the cells are fields of
// a form, and the button saves.
const form = document.querySelector("form[data-sheet]");

if (form) {
  const cells = [...form.querySelectorAll("[data-cell]")];
  const saved = form.querySelector("[data-saved]");
  let isDirty = false;
  let changes = 0;
  let edits = null;
  let asked = 0;
  let timer;

  /** What the server found, at the cells; a cell that nobody filled in yet is left in peace. */
  const put = (part) => {
    const all = [...part.querySelectorAll("[data-part='fields'] .found")];
    for (const row of form.querySelectorAll("tr[data-field]")) {
      const name = row.dataset.field;
      const cell = row.querySelector("[data-cell]");
      const here = all.filter((one) => one.dataset.at === name || one.dataset.at.startsWith(`${name}.`));
      const isWrong = here.some((one) => one.classList.contains("f-error"));
      const shown = cell.value === "" ? here.filter((one) => one.classList.contains("f-error")) : here;
      row.querySelector(".at-field").replaceChildren(...shown.map((one) => one.cloneNode(true)));
      if (isWrong) cell.setAttribute("aria-invalid", "true");
      else cell.removeAttribute("aria-invalid");
      if (isWrong) row.dataset.state = "invalid";
      else if (row.dataset.state !== "commented") row.dataset.state = cell.dataset.changed ? "saved" : "plain";
    }
  };

  const save = async () => {
    const body = new URLSearchParams(new FormData(form));
    body.set("viec", "luu");
    asked += 1;
    const mine = asked;
    const at = changes;
    try {
      const answer = await fetch(form.action, { method: "POST", headers: { "hx-request": "true" }, body });
      if (!answer.ok || mine !== asked) return;
      const part = document.createElement("div");
      part.innerHTML = await answer.text();
      // What was typed while this was on its way is not kept yet.
      if (at === changes) isDirty = false;
      put(part);
      saved.textContent = part.querySelector("[data-part='saved']")?.textContent ?? "";
    } catch {
      saved.textContent = form.dataset.offline;
    }
  };

  const changed = (cell) => {
    isDirty = true;
    changes += 1;
    cell.dataset.changed = "true";
    clearTimeout(timer);
    timer = setTimeout(save, 600);
  };

  /** Goes to the cell some steps on. */
  const go = (from, steps) => {
    const to = cells[Math.min(Math.max(cells.indexOf(from) + steps, 0), cells.length - 1)];
    to.focus();
    to.select?.();
  };

  for (const cell of cells) {
    cell.addEventListener("focus", () => {
      cell.dataset.before = cell.value;
      edits = null;
      cell.select?.();
    });
    cell.addEventListener("input", () => changed(cell));
    cell.addEventListener("keydown", (event) => {
      const isChoice = cell.tagName === "SELECT";
      if (event.key === "F2") {
        event.preventDefault();
        edits = cell;
        cell.setSelectionRange?.(cell.value.length, cell.value.length);
      } else if (event.key === "Escape") {
        event.preventDefault();
        if (cell.value !== cell.dataset.before) {
          cell.value = cell.dataset.before;
          changed(cell);
        }
        edits = null;
        cell.select?.();
      } else if (event.key === "Enter") {
        event.preventDefault();
        go(cell, event.shiftKey ? -1 : 1);
      } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !(isChoice && event.altKey)) {
        event.preventDefault();
        go(cell, event.key === "ArrowDown" ? 1 : -1);
      } else if ((event.key === "ArrowLeft" || event.key === "ArrowRight") && edits !== cell && !isChoice) {
        // Beside the cell stand the years that are accepted: they can be gone to and copied, not changed.
        const row = [...cell.closest("tr").querySelectorAll("td.locked")];
        if (event.key === "ArrowLeft" && row.length > 0) {
          event.preventDefault();
          row[row.length - 1].focus();
        }
      }
    });
    cell.addEventListener("paste", (event) => {
      const text = event.clipboardData.getData("text/plain").replace(/\r/g, "").replace(/\n$/, "");
      if (!/[\n\t]/.test(text)) return;
      event.preventDefault();
      let at = cells.indexOf(cell);
      for (const line of text.split("\n")) {
        const to = cells[at];
        if (!to) break;
        // Of a row with its label, the value is what stands last.
        const value = line.split("\t").map((one) => one.trim()).filter(Boolean).pop() ?? "";
        if (to.tagName === "SELECT") {
          const word = value.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
          to.value = ["co", "1", "x", "yes"].includes(word) ? "co" : ["khong", "0", "no"].includes(word) ? "khong" : "";
        } else {
          to.value = value;
        }
        changed(to);
        at += 1;
      }
      go(cell, at - cells.indexOf(cell) - 1);
    });
  }

  for (const locked of form.querySelectorAll("td.locked")) {
    locked.addEventListener("keydown", (event) => {
      const row = [...locked.closest("tr").querySelectorAll("td.locked, [data-cell]")];
      const at = row.indexOf(locked);
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!step) return;
      event.preventDefault();
      (row[at + step] ?? locked).focus();
    });
  }

  form.addEventListener("submit", () => {
    isDirty = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (!isDirty) return;
    event.preventDefault();
    event.returnValue = form.dataset.leave;
  });
  form.querySelector("[aria-invalid='true']")?.focus();
}
