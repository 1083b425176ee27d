// The palette: Ctrl+K opens it, typing asks the server, arrows choose, Enter goes, Escape closes. Without this file the
// same list is the page behind the link "Tìm".
const link = document.querySelector("a[data-palette]");

/** Builds the dialog on its first use. */
function build() {
  const dialog = document.createElement("dialog");
  dialog.className = "palette";
  dialog.setAttribute("aria-label", link.dataset.palette);
  const input = document.createElement("input");
  input.type = "search";
  input.autocomplete = "off";
  input.spellcheck = false;
  input.setAttribute("aria-label", link.dataset.palette);
  input.setAttribute("aria-controls", "palette-list");
  const list = document.createElement("div");
  list.id = "palette-list";
  list.setAttribute("aria-live", "polite");
  dialog.append(input, list);
  document.body.append(dialog);

  let asked = 0;
  let timer;
  const ask = async () => {
    const address = new URL(link.href);
    address.searchParams.set("q", input.value);
    asked += 1;
    const mine = asked;
    try {
      const answer = await fetch(address, { headers: { "hx-request": "true" } });
      // A slow answer to fewer letters must not replace a later one.
      if (answer.ok && mine === asked) list.innerHTML = await answer.text();
    } catch {
      // Without a connection the list stays as it was.
    }
  };
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 120);
  });
  dialog.addEventListener("keydown", (event) => {
    const ways = [...list.querySelectorAll("a")];
    const at = ways.indexOf(document.activeElement);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const next = event.key === "ArrowDown" ? at + 1 : at - 1;
      (next < 0 ? input : ways[Math.min(next, ways.length - 1)] ?? input).focus();
    } else if (event.key === "Enter" && document.activeElement === input && ways.length > 0) {
      event.preventDefault();
      ways[0].click();
    }
  });
  // A click beside the dialog closes it.
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  return { dialog, input, ask };
}

if (link) {
  let palette;
  const open = () => {
    palette ??= build();
    if (palette.dialog.open) return;
    palette.dialog.showModal();
    palette.input.select();
    palette.ask();
  };
  link.addEventListener("click", (event) => {
    event.preventDefault();
    open();
  });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
    }
  });
}
