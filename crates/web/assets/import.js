// A spreadsheet that takes long: how far it is, and a button that stops it. Without this file the page only takes longer to come.
const number = new Intl.NumberFormat(document.documentElement.lang);

function send(form) {
  const box = form.parentElement.querySelector("[data-underway]") ?? document.querySelector("[data-underway]");
  const [said, bar, button] = ["[data-said]", "progress", "button"].map((part) => box.querySelector(part));
  const token = form.querySelector("[name='ma_bieu_mau']").value;
  const key = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const gone = new AbortController();
  const show = setTimeout(() => {
    box.hidden = false;
    button.focus();
  }, 400);
  const events = new EventSource(`/nhap-lieu/viec/${key}`);
  events.onmessage = (event) => {
    const { judges, done, total } = JSON.parse(event.data);
    const words = judges ? box.dataset.judged : box.dataset.read;
    said.textContent = words.replace("{done}", number.format(done)).replace("{total}", number.format(total ?? 0));
    if (judges && total) {
      bar.max = total;
      bar.value = done;
    } else {
      bar.removeAttribute("value");
    }
  };
  events.onerror = () => events.close();
  const end = () => {
    clearTimeout(show);
    events.close();
    box.hidden = true;
    form.removeAttribute("aria-busy");
  };
  button.onclick = async () => {
    await fetch(`/nhap-lieu/viec/${key}/dung`, { method: "POST", body: new URLSearchParams({ ma_bieu_mau: token }) });
    gone.abort();
    end();
    const told = document.querySelector("[data-stopped]");
    told.hidden = false;
    told.focus();
  };
  form.setAttribute("aria-busy", "true");
  const to = new URL(form.action);
  to.searchParams.set("viec", key);
  const fields = new FormData(form);
  const body = form.enctype === "multipart/form-data" ? fields : new URLSearchParams(fields);
  fetch(to, { method: "POST", body, signal: gone.signal })
    .then(async (answer) => {
      end();
      const there = new URL(answer.url);
      there.searchParams.delete("viec");
      if (answer.redirected) {
        location.assign(there);
      } else {
        const page = await answer.text();
        document.open();
        document.write(page);
        document.close();
      }
    })
    .catch((error) => {
      end();
      // What the network lost is sent again the plain way, which says what is wrong.
      if (error.name !== "AbortError") form.submit();
    });
}

for (const form of document.querySelectorAll("form[data-long]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (form.getAttribute("aria-busy") !== "true") send(form);
  });
}
