// Search, filters, cards in their rows and a calculator. Without it everything is there to read.
(() => {
  "use strict";

  // The formulas of the library, on plain numbers; a test compares them with it.
  const MONTHS = 12;

  function holds(value, bound, sense) {
    if (value === bound) return sense === "at_least" || sense === "at_most";
    return sense === "at_least" || sense === "above" ? value > bound : value < bound;
  }

  // A promise if it grows at a rate from its last figure on, after a delay in months.
  function outlook(p, rate, start, delay, thresholds) {
    const late = delay / MONTHS;
    const factor = 1 + rate;
    const value = p.now * factor ** Math.max(0, p.due - p.at - late);
    const result = { value, above: p.cap !== null && value > p.cap, met: holds(value, p.aim, p.sense) };
    result.arrival = null;
    if (holds(p.now, p.aim, p.sense)) {
      result.arrival = p.at;
    } else {
      const years = Math.log(p.aim / p.now) / Math.log(factor);
      if (years >= 0 && Number.isFinite(years)) result.arrival = p.at + late + years;
    }
    result.whole = (p.aim / start) ** (1 / (p.due - p.since)) - 1;
    result.left = (p.aim / p.now) ** (1 / (p.due - p.at)) - 1;
    result.limit = holds(start, p.aim, p.sense) && !p.aimed;
    result.share = p.aim === start ? null : (p.now - start) / (p.aim - start);
    result.elapsed = (p.at - p.since) / (p.due - p.since);
    result.gap = result.share === null ? null : Math.round((result.share - result.elapsed) * 1e12) / 1e12;
    if (result.limit) result.status = null;
    else if (holds(p.now, p.aim, p.sense)) result.status = "achieved";
    else if (holds(start, p.aim, p.sense) || p.aim === start) result.status = "behind";
    else if (result.gap >= thresholds.ahead) result.status = "ahead";
    else if (result.gap <= thresholds.behind) result.status = "behind";
    else result.status = "on_schedule";
    return result;
  }

  // Money by year of works that are moved by months; what was spent before the plan stays.
  function programme(model, moved, delay) {
    const [first, last] = model.plan;
    const since = first * MONTHS;
    const end = Math.max(...model.works.map((w, i) => w.ends + (moved(w, i) ? delay : 0)), (last + 1) * MONTHS);
    const begin = Math.min(...model.works.map((w) => w.begins), since);
    const years = [];
    for (let year = Math.floor(begin / MONTHS); year * MONTHS < end; year += 1) years.push(year);
    const money = years.map(() => 0);
    let open = 0;
    model.works.forEach((w, i) => {
      const by = moved(w, i) && w.ends > since ? delay : 0;
      const pivot = Math.max(w.begins, since);
      const done = (moment) => {
        const planned = moment <= since ? moment : Math.max(moment - by, pivot);
        return Math.min(Math.max((planned - w.begins) / (w.ends - w.begins), 0), 1);
      };
      const bounds = [...years, years[years.length - 1] + 1].map((year) => done(year * MONTHS));
      years.forEach((_, k) => { money[k] += (bounds[k + 1] - bounds[k]) * w.money; });
      if (w.km !== null && w.ends + by <= (last + 1) * MONTHS) open += w.km;
    });
    const sum = (from, to) => money.reduce((s, m, k) => s + (years[k] >= from && years[k] <= to ? m : 0), 0);
    return { years, money, inside: sum(first, last), beyond: sum(last + 1, Infinity), before: sum(-Infinity, first - 1), open };
  }

  // Decimals as people read them: halves away from zero, on the digits that are seen.
  function rounded(value, digits) {
    const text = Math.abs(value).toString();
    const plain = text.includes("e") ? Math.abs(value).toFixed(20) : text;
    const [whole, part = ""] = plain.split(".");
    const kept = (part + "0".repeat(digits + 1)).slice(0, digits + 1);
    let number = BigInt(whole + kept.slice(0, digits));
    if (kept[digits] >= "5") number += 1n;
    const out = number.toString().padStart(digits + 1, "0");
    const body = digits ? `${out.slice(0, -digits)}.${out.slice(-digits)}` : out;
    return (value < 0 && number !== 0n ? "−" : "") + body;
  }

  // A gap in points with its sign.
  function points(gap) {
    const text = rounded(gap * 100, 1);
    return gap > 0 && text !== "0.0" ? `+${text}` : text;
  }

  // The page.
  const root = document.documentElement;
  const all = (where, what) => [...where.querySelectorAll(what)];

  const print = document.getElementById("print");
  print.hidden = false;
  print.addEventListener("click", () => window.print());
  for (const lang of ["zh", "en"]) {
    const radio = document.getElementById(`lang-${lang}`);
    radio.addEventListener("change", () => {
      root.lang = lang === "zh" ? "zh-CN" : "en";
      prepare(document.querySelector(`main:lang(${lang})`));
    });
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

  // One language is prepared at a time, when it is first seen.
  const prepared = new Set();

  function prepare(main) {
    if (prepared.has(main)) return;
    prepared.add(main);
    const rows = all(main, ".targets .row");
    const fields = all(main, "[data-filter]");
    const chips = all(main, ".chips button");
    const count = main.querySelector(".count");

    function filter() {
      const want = Object.fromEntries(fields.map((f) => [f.dataset.filter, f.value]));
      const words = want.text.trim().toLowerCase().split(/\s+/).filter((word) => word);
      const verdicts = chips.filter((c) => c.getAttribute("aria-pressed") === "true")
        .map((c) => c.dataset.status);
      let shown = 0;
      for (const row of rows) {
        const { group, block, units, status } = row.dataset;
        const text = words.length ? row.textContent.toLowerCase() : "";
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
    prepareCalculators(main);
  }

  // The calculator: every output carries its number, and is a text in the reader's language.
  const model = JSON.parse(document.getElementById("model").textContent);

  function setOut(panel, name, value, text) {
    const out = panel.querySelector(`[data-out="${name}"]`);
    out.dataset.value = value === null ? "" : String(value);
    out.textContent = text;
    return out;
  }

  function line(panel, name, points) {
    panel.querySelector(`[data-line="${name}"]`).setAttribute("points", points.map((p) => p.join()).join(" "));
  }

  function drawOutlook(panel, p, rate, start, delay, r) {
    const last = Math.max(p.due + 2, Math.min(r.arrival ?? p.due, p.due + 6));
    const path = [];
    for (let k = 0; k <= 60; k += 1) {
      const moment = p.at + ((last - p.at) * k) / 60;
      path.push([moment, p.now * (1 + rate) ** Math.max(0, moment - p.at - delay / MONTHS)]);
    }
    const values = [start, p.now, p.aim, ...path.map((point) => point[1])];
    const low = Math.min(...values);
    const high = Math.max(...values);
    const x = (moment) => Number((10 + ((moment - p.since) / (last - p.since)) * 340).toFixed(1));
    const y = (value) => Number((170 - ((value - low) / (high - low || 1)) * 150).toFixed(1));
    const at = (point) => [x(point[0]), y(point[1])];
    line(panel, "past", [[p.since, start], [p.at, p.now]].map(at));
    line(panel, "path", path.map(at));
    line(panel, "aim", [[p.since, p.aim], [last, p.aim]].map(at));
    line(panel, "due", [[x(p.due), 14], [x(p.due), 178]]);
    const mark = panel.querySelector("[data-mark=value]");
    mark.setAttribute("cx", x(p.due));
    mark.setAttribute("cy", y(r.value));
    const label = (name, px, py, text) => {
      const node = panel.querySelector(`[data-text="${name}"]`);
      node.setAttribute("x", px);
      node.setAttribute("y", py);
      node.textContent = text;
    };
    label("aim", 12, y(p.aim) + (y(p.aim) < 30 ? 14 : -5), rounded(p.aim, 2));
    label("value", x(p.due) + 8, y(r.value) + (y(r.value) > 150 ? -8 : 16), rounded(r.value, 2));
    label("since", 10, 188, Math.ceil(p.since));
    label("when", x(p.due), 188, Math.ceil(p.due - 1e-9));
  }

  function setPromise(panel, fresh) {
    const field = (name) => panel.querySelector(`[data-in="${name}"]`);
    const p = model.promises[Number(field("promise").value)];
    if (fresh) {
      field("growth").value = (p.growth * 100).toFixed(1);
      field("start").value = p.start;
      field("delay").value = 0;
    }
    const rate = field("growth").valueAsNumber / 100;
    const start = field("start").valueAsNumber;
    const delay = field("delay").valueAsNumber;
    const sound = rate > -1 && start > 0 && delay >= 0;
    panel.querySelector(".refused").hidden = sound;
    panel.querySelector(".results").hidden = !sound;
    if (!sound) return;
    const r = outlook(p, rate, start, delay, model.thresholds);
    const words = panel.dataset;
    const percent = (share) => words.percent.replace("#", rounded(share * 100, 1));
    const amount = (value) => words.amount.replace("#", rounded(value, 2)).replace("@", p.unit).trim();
    setOut(panel, "value", r.value, r.above ? words.above : amount(r.value));
    setOut(panel, "met", r.met ? 1 : 0, r.met ? words.met : words.short);
    const year = r.arrival === null ? null : Math.ceil(r.arrival - 1e-9);
    setOut(panel, "arrival", r.arrival, year === null ? words.never : words.reached.replace("#", year));
    setOut(panel, "left", r.left, percent(r.left));
    setOut(panel, "whole", r.whole, percent(r.whole));
    setOut(panel, "share", r.limit ? null : r.share, r.limit || r.share === null ? "—" : percent(r.share));
    setOut(panel, "elapsed", r.elapsed, percent(r.elapsed));
    setOut(panel, "gap", r.limit ? null : r.gap, r.limit || r.gap === null ? "—" : points(r.gap));
    const verdict = setOut(panel, "status", r.status, r.status === null ? words.limit : words[r.status]);
    verdict.className = r.status === null ? "" : `v ${r.status}`;
    panel.querySelector(".mark use").setAttribute("href", `#v-${r.status ?? "not_assessable"}`);
    panel.querySelector(".mark").setAttribute("class", `m mark ${r.status ?? "not_assessable"}`);
    drawOutlook(panel, p, rate, start, delay, r);
  }

  function setMoney(panel) {
    const field = (name) => panel.querySelector(`[data-in="${name}"]`);
    const which = field("work").value;
    const delay = field("months").valueAsNumber;
    const budget = field("budget").valueAsNumber;
    const sound = delay >= 0 && (Number.isNaN(budget) || budget >= 0);
    panel.querySelector(".refused").hidden = sound;
    panel.querySelector(".results").hidden = !sound;
    if (!sound) return;
    const moved = (work, i) => which === "" || which === String(i) || which === work.category;
    const r = programme(model, moved, delay);
    const planned = programme(model, () => false, 0);
    const words = panel.dataset;
    const [first, last] = model.plan;
    setOut(panel, "inside", r.inside, rounded(r.inside, 2));
    setOut(panel, "beyond", r.beyond, rounded(r.beyond, 2));
    setOut(panel, "open", r.open, rounded(r.open, 2));
    const body = panel.querySelector("tbody");
    body.replaceChildren();
    r.years.forEach((year, k) => {
      const row = body.appendChild(document.createElement("tr"));
      const capped = !Number.isNaN(budget) && year >= first && year <= last;
      const over = capped ? r.money[k] - budget : null;
      const cells = [String(year), rounded(r.money[k], 2), capped ? rounded(budget, 2) : "—",
        over === null ? "—" : over > 0 ? words.over.replace("#", rounded(over, 2)) : words.within];
      cells.forEach((text, c) => {
        const cell = row.appendChild(document.createElement(c ? "td" : "th"));
        cell.textContent = text;
        if (c) cell.className = "r";
        else cell.scope = "row";
      });
      row.dataset.money = String(r.money[k]);
    });
    const scale = (budget * (last - first + 1)) / planned.inside;
    const buys = model.frontier.filter((point) => point[0] <= scale + 1e-9).at(-1);
    const known = !Number.isNaN(budget) && buys !== undefined;
    setOut(panel, "buys", known ? buys[1] : null,
      known ? words.buys.replace("#", rounded(scale, 2)).replace("@", rounded(buys[1], 2)) : "");
  }

  function prepareCalculators(main) {
    for (const panel of all(main, ".calculator.growth")) {
      panel.addEventListener("input", (event) => setPromise(panel, event.target.dataset.in === "promise"));
      setPromise(panel, true);
    }
    for (const panel of all(main, ".calculator.money")) {
      panel.addEventListener("input", () => setMoney(panel));
      setMoney(panel);
    }
  }

  function follow() {
    const row = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (row !== null && row.classList.contains("row")) {
      prepare(row.closest("main"));
      row.hidden = false;
      row.parentNode.hidden = false;
      setCard(row, true);
      row.scrollIntoView();
    }
  }
  window.addEventListener("hashchange", follow);
  prepare(document.querySelector(document.getElementById("lang-zh").checked ? "main:lang(zh)" : "main:lang(en)"));
  follow();
})();
