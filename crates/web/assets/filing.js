// Forms of filings: what is wrong is said at the field as soon as one leaves it, and nobody loses what was typed. Without
// this file the button that checks says the same.
const form = document.querySelector("form[data-filing]");

if (form) {
  const touched = new Set();
  const shown = form.querySelector("[aria-invalid='true'], .at-field .found") !== null;
  let isDirty = shown;
  let asked = 0;
  let timer;

  /** Puts what the server found at its fields; at fields that nobody touched yet nothing is said. */
  const put = (part) => {
    const of = (field, name) => field === name || field.startsWith(`${name}.`);
    const all = [...part.querySelectorAll("[data-part='fields'] .found")];
    for (const box of form.querySelectorAll("[data-field]")) {
      const name = box.dataset.field;
      const here = all.filter((one) => of(one.dataset.at, name) || of(one.dataset.at.replace(/^body\./, ""), name));
      const place = box.querySelector(".at-field");
      if (!place || !touched.has(name)) continue;
      place.replaceChildren(...here.map((one) => one.cloneNode(true)));
      const isWrong = here.some((one) => one.classList.contains("f-error"));
      for (const input of box.querySelectorAll("input, select, textarea")) {
        if (isWrong) input.setAttribute("aria-invalid", "true");
        else input.removeAttribute("aria-invalid");
      }
    }
  };

  const check = async () => {
    const body = new URLSearchParams(new FormData(form));
    body.set("viec", "kiem-tra");
    asked += 1;
    const mine = asked;
    try {
      const answer = await fetch(form.action, { method: "POST", headers: { "hx-request": "true" }, body });
      // A slow answer to an earlier state must not replace a later one.
      if (!answer.ok || mine !== asked) return;
      const part = document.createElement("div");
      part.innerHTML = await answer.text();
      put(part);
    } catch {
      // Without a connection nothing is said; the button checks later.
    }
  };

  form.addEventListener("input", () => {
    isDirty = true;
  });
  form.addEventListener("change", (event) => {
    isDirty = true;
    const box = event.target.closest("[data-field]");
    if (!box) return;
    touched.add(box.dataset.field);
    clearTimeout(timer);
    timer = setTimeout(check, 250);
  });
  form.addEventListener("submit", () => {
    isDirty = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (!isDirty) return;
    event.preventDefault();
    event.returnValue = form.dataset.leave;
  });

  // A line without a connection says so, rather than losing the form.
  const note = document.createElement("p");
  note.className = "caution";
  note.setAttribute("role", "status");
  note.hidden = true;
  note.textContent = form.dataset.offline;
  form.prepend(note);
  const tell = () => {
    note.hidden = navigator.onLine;
  };
  window.addEventListener("offline", tell);
  window.addEventListener("online", tell);
  tell();

  // What is wrong is where one looks first.
  form.querySelector("[aria-invalid='true']")?.focus();

  // A correction that strikes has nothing to restate.
  const restated = form.querySelector(".restated");
  const turn = () => {
    if (!restated) return;
    restated.disabled = form.querySelector("[name='cach']:checked")?.value === "huy";
    restated.hidden = restated.disabled;
  };
  form.addEventListener("change", turn);
  turn();
}
