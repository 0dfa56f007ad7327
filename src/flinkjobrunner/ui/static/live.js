// Keeps a page up to date. Without it the page is complete, and a reload shows what is new.
//
// The server renders; this only fetches a section again when it is told that the section has
// changed, and puts in what differs, so that what one reads or has selected stays where it is.
"use strict";

const RECONNECT_MS = 10_000; // after a refusal; an interruption the browser mends by itself
const PAUSE_MS = 400; // between two fetches of a section, however fast it changes
const CALM_MS = 3_000; // no row comes in under a pointer that moves, lest one clicks another

const live = document.getElementById("live");

function tell(state, text) {
  live.dataset.state = state;
  if (live.textContent !== text) live.textContent = text;
  document.body.toggleAttribute("data-lost", state === "lost");
}

function clock() {
  return new Date().toISOString().slice(11, 19) + " UTC";
}

// What is wrong, by what found it; the stream may stand while a fetch fails, and the reverse.
const troubles = new Map();
let lostSince = null;

function trouble(who, what) {
  if (what) troubles.set(who, what);
  else troubles.delete(who);
  const [first] = troubles.values();
  if (!first) {
    lostSince = null;
    return tell("live", "Live");
  }
  lostSince ??= clock();
  tell("lost", `${first}: what you see is as of ${lostSince}`);
}

// --- putting in what differs

function morph(old, fresh) {
  if (old.isEqualNode(fresh)) return;
  if (old.nodeType !== Node.ELEMENT_NODE) {
    old.data = fresh.data;
    return;
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && name !== "data-arrived") old.removeAttribute(name);
  }
  morphChildren(old, fresh);
}

function morphChildren(old, fresh) {
  if (fresh.querySelector(":scope > [data-key]")) morphRows(old, fresh);
  else morphNodes(old, fresh);
}

// Rows are known by their keys. One that stays is never moved: what is selected in it stays so.
function morphRows(old, fresh) {
  const rows = new Map([...old.children].map((row) => [row.dataset.key, row]));
  const keys = new Set([...fresh.children].map((row) => row.dataset.key));
  for (const [key, row] of rows) if (!keys.has(key)) row.remove();
  let at = old.firstElementChild;
  for (const row of [...fresh.children]) {
    const known = rows.get(row.dataset.key);
    if (!known) {
      row.toggleAttribute("data-arrived", true);
      old.insertBefore(row, at);
      continue;
    }
    if (known === at) at = at.nextElementSibling;
    else old.insertBefore(known, at);
    morph(known, row);
  }
}

function morphNodes(old, fresh) {
  let at = old.firstChild;
  for (const node of [...fresh.childNodes]) {
    if (at?.nodeName !== node.nodeName) {
      old.insertBefore(node, at);
      continue;
    }
    const next = at.nextSibling;
    morph(at, node);
    at = next;
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}

// --- sections

const pause = () => new Promise((resolve) => setTimeout(resolve, PAUSE_MS));

class Section {
  constructor(element) {
    this.element = element;
    this.wanted = false;
    this.busy = false;
    this.calmAt = 0;
    if ("calm" in element.dataset) {
      element.addEventListener("pointermove", () => (this.calmAt = Date.now() + CALM_MS));
      element.addEventListener("pointerleave", () => (this.calmAt = 0));
    }
  }

  async refresh() {
    this.wanted = true;
    if (this.busy || document.hidden) return;
    this.busy = true;
    while (this.wanted) {
      while (Date.now() < this.calmAt) await pause();
      this.wanted = false;
      await this.fetch();
      await pause();
    }
    this.busy = false;
  }

  async fetch() {
    const what = await this.attempt();
    // Before the stream has opened nothing is live yet, and after its end nothing more is to come.
    if (what || troubles.has("fetch")) trouble("fetch", what);
  }

  /** Answers what is wrong, if anything is. */
  async attempt() {
    try {
      const answer = await fetch(this.element.dataset.fragment);
      if (answer.status === 401) return "Signed out; reload the page to sign in";
      if (!answer.ok) return "The service has trouble, trying again";
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      const element = fresh.body.firstElementChild;
      morph(this.element, element);
      if (element.dataset.title) document.title = element.dataset.title;
      age();
    } catch {
      return "The service does not answer, trying again";
    }
    return null;
  }
}

const sections = new Map();
for (const element of document.querySelectorAll("[data-fragment]")) {
  const section = new Section(element);
  sections.set(element.id, section);
  const seconds = Number(element.dataset.every);
  if (seconds) setInterval(() => section.refresh(), seconds * 1000);
}

function refreshAll() {
  for (const section of sections.values()) section.refresh();
}

// --- streams

function follow(url, listeners) {
  const source = new EventSource(url);
  source.onopen = () => trouble(url, null);
  source.onerror = () => {
    if (source.readyState !== EventSource.CLOSED) {
      return trouble(url, "The connection is lost, trying again");
    }
    // Refused: too many readers, or signed out, which the fetch will find out.
    trouble(url, "No live updates for now, trying again");
    refreshAll();
    setTimeout(() => follow(url, listeners), RECONNECT_MS);
  };
  for (const [name, listener] of Object.entries(listeners)) {
    source.addEventListener(name, (event) => listener(event, source));
  }
}

const overview = document.querySelector("[data-stream]");
if (overview) {
  follow(overview.dataset.stream, {
    message(event) {
      for (const name of event.data.split(" ")) sections.get(name)?.refresh();
    },
  });
}

const job = document.querySelector("[data-log]");
if (job) {
  const log = document.getElementById("log");
  let last = Number(log.dataset.last);
  follow(job.dataset.log, {
    message(event) {
      if (Number(event.lastEventId) <= last) return;
      last = Number(event.lastEventId);
      const atEnd = log.scrollTop + log.clientHeight >= log.scrollHeight - 4;
      log.append(event.data + "\n");
      if (atEnd) log.scrollTop = log.scrollHeight;
      document.getElementById("no-lines").hidden = true;
      refreshAll();
    },
    status: refreshAll,
    end(_event, source) {
      source.close();
      refreshAll();
      tell("ended", "This job has ended");
    },
  });
}

const log = document.getElementById("log");
if (log) log.scrollTop = log.scrollHeight;

document.addEventListener("visibilitychange", refreshAll);

// --- ages, by the rules of text.py

function ageOf(milliseconds) {
  const seconds = Math.abs(milliseconds) / 1000;
  if (seconds < 10) return "just now";
  const units = [["d", 86400], ["h", 3600], ["min", 60]];
  const [unit, length] = units.find(([, length]) => seconds >= length) ?? ["s", 0];
  const span = length ? Math.floor(seconds / length) : Math.floor(seconds / 10) * 10;
  return milliseconds > 0 ? `${span} ${unit} ago` : `in ${span} ${unit}`;
}

function spanOf(milliseconds) {
  const seconds = Math.max(0, milliseconds / 1000);
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const rest = (number) => String(number % 60).padStart(2, "0");
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${rest(whole)} s`;
  return `${Math.floor(minutes / 60)} h ${rest(minutes)} min`;
}

function age() {
  for (const element of document.querySelectorAll("time")) {
    const milliseconds = Date.now() - Date.parse(element.dateTime);
    const running = element.hasAttribute("data-running");
    const text = running ? spanOf(milliseconds) : ageOf(milliseconds);
    if (element.textContent !== text) element.textContent = text;
  }
}

setInterval(age, 1000);
