// Opens numbers to their quotes, and filters quotes. Texts are set with textContent, never as markup.
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const words = data.words;
  const STEP = 25;

  const say = (key, values) =>
    words[key].replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
  const count = (n) => n.toLocaleString(data.lang === "id" ? "id-ID" : "en-GB");
  const find = (id) => document.getElementById(id);

  function make(tag, className, text) {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text !== undefined) node.textContent = text;
    return node;
  }

  // Marks count code points; Array.from cuts a string into them.
  function marked(quote, wanted) {
    const letters = Array.from(quote.text);
    const spans = quote.marks
      .filter(([name]) => wanted.some((start) => name === start || name.startsWith(start.endsWith(":") ? start : start + ":")))
      .map(([, start, end]) => [start, end])
      .sort((a, b) => a[0] - b[0]);
    const paragraph = make("p");
    let at = 0;
    for (const [start, end] of spans) {
      const from = Math.max(start, at);
      if (end <= from) continue;
      paragraph.append(letters.slice(at, from).join(""));
      paragraph.append(make("mark", "", letters.slice(from, end).join("")));
      at = end;
    }
    paragraph.append(letters.slice(at).join(""));
    return paragraph;
  }

  function source(quote) {
    const who = quote.informant
      ? quote.transcript === quote.informant ? quote.informant : `${quote.informant} (${quote.transcript})`
      : quote.transcript;
    return [quote.role, who, say("turn", { n: quote.turn })].filter(Boolean).join(", ");
  }

  function chips(quote) {
    const line = make("p", "chips");
    const add = (key, kind) => line.append(make("span", "chip of-" + kind, data.labels[key] || key.slice(2)));
    add(quote.apart ? "k:" + quote.kind : "g:" + quote.group, "group");
    quote.aspects.forEach((name) => add("a:" + name, "tone " + name.split(":")[1]));
    quote.dimensions.forEach((name) => add("d:" + name, "dimension"));
    if (quote.topic !== null) {
      const topic = data.labels["t:" + quote.topic] || String(quote.topic);
      line.append(make("span", "chip of-topic", say("topic", { topic })));
    }
    if (quote.low) line.append(make("span", "chip of-low", words.low));
    return line;
  }

  async function copy(quote, button) {
    const text = `“${quote.text}” (${source(quote)})`;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = make("textarea", "offscreen", text);
      button.parentNode.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    button.textContent = words.copied;
    setTimeout(() => { button.textContent = words.copy; }, 1600);
  }

  function card(quote, wanted) {
    const node = make("article", "card");
    node.dataset.passage = quote.id;
    const head = make("p", "source", source(quote));
    const button = make("button", "copy", words.copy);
    button.type = "button";
    button.addEventListener("click", () => copy(quote, button));
    head.append(button);
    const block = make("blockquote");
    block.append(marked(quote, wanted));
    node.append(head, block);
    if (quote.question) {
      const details = make("details", "question");
      details.append(make("summary", "", words.question), make("p", "", quote.question));
      node.append(details);
    }
    node.append(chips(quote));
    return node;
  }

  // Shows a list a step at a time, so that twenty thousand passages open as fast as twenty.
  function pager(list, more) {
    let rest = [], wanted = [];
    const step = () => {
      const now = rest.splice(0, STEP);
      list.append(...now.map((quote) => card(quote, wanted)));
      more.hidden = rest.length === 0;
      more.textContent = say("more", { n: count(Math.min(STEP, rest.length)) });
    };
    more.addEventListener("click", step);
    return (quotes, marks) => {
      rest = quotes.slice();
      wanted = marks;
      list.replaceChildren();
      step();
    };
  }

  // --- side panel
  const panel = find("panel");
  const fill = pager(find("panel-list"), find("panel-more"));
  const base = () => location.pathname + location.search;

  function open(key) {
    const entry = data.panels[key];
    if (!entry) return;
    const quotes = entry.quotes.map((place) => data.quotes[place]);
    const informants = new Set(quotes.map((quote) => quote.informant || quote.transcript)).size;
    find("panel-title").textContent = entry.title;
    find("panel-count").textContent = say("panel_count", { n: count(quotes.length), informants: count(informants) });
    fill(quotes, entry.mark ? [entry.mark] : []);
    if (!panel.open) panel.showModal();
    panel.scrollTop = 0;
    find("panel-title").focus();
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-open]");
    if (button) open(button.dataset.open);
    else if (event.target === panel) panel.close();
  });
  const follow = () => {
    if (location.hash.startsWith("#open=")) open(location.hash.slice(6));
  };
  panel.addEventListener("close", () => {
    if (location.hash.startsWith("#open=")) history.replaceState(null, "", base());
  });
  addEventListener("hashchange", follow);

  // --- quote browser
  const filters = find("filters");
  const speech = data.quotes.filter((quote) => !quote.apart);
  const plain = new Map(speech.map((quote) => [quote, (quote.text + " " + quote.question).toLowerCase()]));
  const show = pager(find("list"), find("more"));
  const value = (name) => find("f-" + name).value;

  function matches(quote) {
    const needles = value("text").toLowerCase().split(/\s+/).filter(Boolean);
    const [group, dimension, aspect, topic, informant] =
      ["group", "dimension", "aspect", "topic", "informant"].map(value);
    return needles.every((needle) => plain.get(quote).includes(needle))
      && (!group || quote.group === group)
      && (!dimension || quote.dimensions.includes(dimension))
      && (!aspect || quote.aspects.some((name) => name.startsWith(aspect)))
      && (!topic || String(quote.topic) === topic)
      && (!informant || quote.informant === informant)
      && (find("f-low").checked || !quote.low);
  }

  function refresh() {
    const found = speech.filter(matches);
    const wanted = [];
    if (value("dimension")) wanted.push("d:" + value("dimension"));
    if (value("aspect")) wanted.push("a:" + value("aspect").replace(/:$/, ""));
    show(found, wanted.length ? wanted : ["d:"]);
    find("found").textContent = found.length ? say("found", { n: count(found.length) }) : words.none;
  }

  let waiting;
  const later = () => { clearTimeout(waiting); waiting = setTimeout(refresh, 120); };
  filters.addEventListener("input", later);
  filters.addEventListener("reset", () => setTimeout(refresh));
  filters.addEventListener("submit", (event) => event.preventDefault());

  // Paper shows what is folded away on the screen, apart from the interviewer's questions.
  addEventListener("beforeprint", () => {
    document.querySelectorAll("main > section > details, article > details").forEach((each) => { each.open = true; });
  });

  refresh();
  follow();
})();
