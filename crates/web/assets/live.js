// A form whose answer follows as one types: what it asks goes into the address, and the parts of the page that answer are
// taken from the page of that address. Without this file the button does the same. Arrows go up and down a column of fields.
const form = document.querySelector("form[data-live]");

if (form) {
  let timer;
  let asked = 0;

  const address = () => {
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (String(value).trim() !== "") query.append(name, value);
    }
    return `${form.getAttribute("action")}?${query}`;
  };

  const answer = async () => {
    asked += 1;
    const mine = asked;
    const to = address();
    form.setAttribute("aria-busy", "true");
    try {
      const response = await fetch(to);
      if (mine !== asked) return;
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      for (const part of document.querySelectorAll("[data-live-part]")) {
        const next = page.getElementById(part.id);
        if (next && next.innerHTML !== part.innerHTML) part.replaceChildren(...next.childNodes);
      }
      history.replaceState(null, "", to);
    } catch {
      // The button still asks, and says what is wrong.
    } finally {
      if (mine === asked) form.removeAttribute("aria-busy");
    }
  };

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(answer, 350);
  });
  form.addEventListener("keydown", (event) => {
    const column = event.target.dataset?.column;
    if (!column || !["ArrowUp", "ArrowDown", "Enter"].includes(event.key)) return;
    const fields = [...form.querySelectorAll(`[data-column="${column}"]`)];
    const step = event.key === "ArrowUp" ? -1 : 1;
    const next = fields[fields.indexOf(event.target) + step];
    if (next) {
      event.preventDefault();
      next.focus();
      next.select();
    }
  });
}
