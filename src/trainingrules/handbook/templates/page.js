"use strict";
(() => {
  const root = document.documentElement;
  const sides = [...document.querySelectorAll(".side")];
  const shown = () => sides.find((side) => !side.hidden);
  for (const part of document.querySelectorAll("[data-script]")) part.hidden = false;

  // The theme: that of the system, until somebody chooses.
  const dark = () => root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  const named = () => {
    for (const button of document.querySelectorAll("[data-do=theme]")) button.textContent = dark() ? button.dataset.light : button.dataset.dark;
  };
  const themed = () => { root.dataset.theme = dark() ? "light" : "dark"; named(); };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", named);
  named();

  // The language: the other side, at the same place.
  const base = (side, to) => side.dataset.suffix && to.endsWith(side.dataset.suffix) ? to.slice(0, -side.dataset.suffix.length) : to;
  const show = (side) => {
    for (const one of sides) one.hidden = one !== side;
    root.lang = side.lang;
    document.title = side.dataset.title;
  };
  const switched = () => {
    const from = shown();
    const to = sides.find((side) => side !== from);
    const place = base(from, decodeURIComponent(location.hash.slice(1)));
    show(to);
    if (place && document.getElementById(place + to.dataset.suffix)) location.hash = place + to.dataset.suffix;
    to.querySelector("[data-do=language]").focus();
  };
  const arrive = () => {
    const to = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!to) return;
    const side = to.closest(".side");
    if (side && side.hidden) show(side);
    for (let up = to; up; up = up.parentElement) {
      if (up.tagName === "DETAILS") up.open = true;
      if (up.classList && up.classList.contains("item") && up.hidden) clear(side);
    }
    to.scrollIntoView();
  };

  // The search: what does not hold the words is hidden, with the headings that are left without anything.
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const filter = (side) => {
    const words = plain(side.querySelector("input").value).split(/\s+/).filter(Boolean);
    const items = [...side.querySelectorAll(".item")];
    let count = 0;
    for (const item of items) {
      if (item.plain === undefined) item.plain = plain(item.textContent);
      item.hidden = !words.every((word) => item.plain.includes(word));
      if (!item.hidden) count += 1;
    }
    for (const group of [...side.querySelectorAll(".item-group"), ...side.querySelectorAll("main > section")]) {
      group.hidden = words.length > 0 && !group.querySelector(".item:not([hidden])");
    }
    const result = side.querySelector(".result");
    result.textContent = !words.length ? "" : count === 0 ? result.dataset.none : count === 1 ? result.dataset.one : result.dataset.many.replace("#", count);
  };
  const clear = (side) => { side.querySelector("input").value = ""; filter(side); };

  for (const side of sides) {
    const input = side.querySelector("input");
    let waiting = 0;
    input.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(() => filter(side), 120); });
    input.addEventListener("keydown", (event) => { if (event.key === "Escape") clear(side); });
    side.addEventListener("click", (event) => {
      const button = event.target.closest("[data-do]");
      if (button) ({ language: switched, theme: themed, print: () => print() })[button.dataset.do]();
    });
  }
  addEventListener("hashchange", arrive);
  if (location.hash) arrive();
  // A narrow screen begins with the page, not with its contents.
  if (matchMedia("(max-width: 63.99rem)").matches) for (const one of document.querySelectorAll(".contents")) one.open = false;

  // On paper nothing can be opened; examples are printed as a list, save those that somebody opened.
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...shown().querySelectorAll(".aside:not([open]), .contents:not([open])")];
    for (const one of closed) one.open = true;
  });
  addEventListener("afterprint", () => { for (const one of closed) one.open = false; });
})();
