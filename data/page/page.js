// Search, filters and cards in their rows. Without it everything is there to read.
(() => {
  "use strict";
  const root = document.documentElement;
  const all = (where, what) => [...where.querySelectorAll(what)];
  root.classList.add("scripted");

  const print = document.getElementById("print");
  print.hidden = false;
  print.addEventListener("click", () => window.print());
  for (const lang of ["zh", "en"]) {
    const radio = document.getElementById(`lang-${lang}`);
    radio.addEventListener("change", () => { root.lang = lang === "zh" ? "zh-CN" : "en"; });
  }

  // A card stands in a row of its own below the one it belongs to, while it is open.
  function setCard(row, open) {
    const link = row.querySelector(".name a");
    const next = row.nextElementSibling;
    const stands = next !== null && next.classList.contains("place");
    if (open === stands) return;
    link.setAttribute("aria-expanded", String(open));
    row.classList.toggle("open", open);
    const main = row.closest("main");
    if (open) {
      const place = row.parentNode.insertBefore(document.createElement("tr"), next);
      place.className = "place";
      const cell = place.appendChild(document.createElement("td"));
      cell.colSpan = 10;
      const card = main.querySelector(`.card[data-row="${row.id}"]`);
      card.open = true;
      cell.append(card);
    } else {
      const card = next.querySelector(".card");
      card.open = false;
      main.querySelector(".cards").append(card);
      next.remove();
    }
  }

  for (const main of all(document, "main")) {
    const rows = all(main, ".targets .row");
    const fields = all(main, "[data-filter]");
    const chips = all(main, ".chips button");
    const count = main.querySelector(".count");

    function filter() {
      const want = Object.fromEntries(fields.map((f) => [f.dataset.filter, f.value]));
      const words = want.text.trim().toLowerCase().split(/\s+/);
      const verdicts = chips.filter((c) => c.getAttribute("aria-pressed") === "true")
        .map((c) => c.dataset.status);
      let shown = 0;
      for (const row of rows) {
        const { group, block, units, status } = row.dataset;
        const text = row.textContent.toLowerCase();
        const fits = (!want.group || group === want.group) && (!want.block || block === want.block)
          && (!want.unit || units.split("\n").includes(want.unit))
          && (!verdicts.length || verdicts.includes(status))
          && words.every((word) => text.includes(word));
        if (!fits) setCard(row, false);
        row.hidden = !fits;
        shown += fits;
      }
      for (const body of all(main, ".targets > tbody")) {
        body.hidden = !all(body, ".row").some((row) => !row.hidden);
      }
      count.textContent = count.dataset.template.replace("#", shown);
    }
    for (const field of fields) field.addEventListener("input", filter);
    for (const chip of chips) {
      chip.addEventListener("click", () => {
        chip.setAttribute("aria-pressed", String(chip.getAttribute("aria-pressed") !== "true"));
        filter();
      });
    }
    for (const row of rows) {
      const link = row.querySelector(".name a");
      link.setAttribute("aria-expanded", "false");
      link.addEventListener("click", (event) => {
        event.preventDefault();
        setCard(row, link.getAttribute("aria-expanded") !== "true");
      });
    }
    filter();
  }

  function follow() {
    const row = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (row !== null && row.classList.contains("row")) {
      row.hidden = false;
      row.parentNode.hidden = false;
      setCard(row, true);
      row.scrollIntoView();
    }
  }
  window.addEventListener("hashchange", follow);
  follow();
})();
