// The days of an organisation as a slider. Without it the same days are a list with a button.
const form = document.querySelector("form[data-moments]");
const list = form?.querySelector("select");
if (list) {
  const slider = Object.assign(document.createElement("input"), {
    type: "range",
    min: 0,
    max: list.options.length - 1,
    step: 1,
    value: list.selectedIndex,
    id: `${list.id}-truot`,
  });
  const day = document.createElement("output");
  day.htmlFor = slider.id;
  const show = () => {
    const words = list.options[slider.value].text;
    day.textContent = words;
    slider.setAttribute("aria-valuetext", words);
  };
  show();
  slider.addEventListener("input", show);
  slider.addEventListener("change", () => {
    list.selectedIndex = Number(slider.value);
    form.requestSubmit();
  });
  form.querySelector("label").htmlFor = slider.id;
  list.hidden = true;
  list.after(slider, day);
  form.querySelector("button").hidden = true;
}
