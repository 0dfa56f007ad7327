// Keeps the page up to date: tells of alerts come by Server-Sent Events, and the sections that may
// have changed are fetched again as the server renders them. Without it the page is complete, and
// as old as it says.
"use strict";

const live = document.getElementById("live");
const waiting = new Set();
let timer = 0;

function say(state, text) {
  live.dataset.state = state;
  live.textContent = text;
}

// What somebody is reading must not move: a section under the pointer or with a selection waits.
function beingRead(section) {
  const selection = window.getSelection();
  const selected = selection && !selection.isCollapsed && section.contains(selection.anchorNode);
  return selected || section.matches(":hover") || section.contains(document.activeElement);
}

async function refresh(section) {
  const answer = await fetch(`/ui/fragments/${section.dataset.fragment}`, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(String(answer.status));
  const text = await answer.text();
  if (text.trim() === section.dataset.shown) return;
  const known = new Set([...section.querySelectorAll("tr[id]")].map((row) => row.id));
  section.innerHTML = text;
  section.dataset.shown = text.trim();
  if (known.size > 0) {
    for (const row of section.querySelectorAll("tr[id]")) row.classList.toggle("fresh", !known.has(row.id));
  }
}

async function work() {
  timer = 0;
  for (const section of [...waiting]) {
    if (section.dataset.fragment === "alerts" && beingRead(section)) continue;
    waiting.delete(section);
    try {
      await refresh(section);
    } catch {
      waiting.add(section);
      say("lost", "the service does not answer; trying again");
    }
  }
  if (waiting.size > 0) timer = window.setTimeout(work, 1000);
}

function want(...names) {
  for (const name of names) {
    const section = document.querySelector(`[data-fragment="${name}"]`);
    if (section) waiting.add(section);
  }
  if (timer === 0 && waiting.size > 0) timer = window.setTimeout(work, 200);
}

function followAlerts() {
  const at = document.querySelector("[data-position]");
  const source = new EventSource(`/alerts/stream?after=${at ? at.dataset.position : ""}`);
  source.onopen = () => say("live", "live");
  source.onerror = () => say("lost", "the connection is lost; trying again");
  source.onmessage = () => want("alerts", "deployments");
  // Jobs and deployments change without an alert.
  window.setInterval(() => document.hidden || want("deployments", "jobs"), 2000);
}

function followLog(log) {
  if (log.dataset.running === "no") return;
  const source = new EventSource(`/jobs/${encodeURIComponent(log.dataset.job)}/logs`);
  const shown = Number(log.dataset.line);
  source.onopen = () => say("live", "live");
  source.onerror = () => say("lost", "the connection is lost; trying again");
  source.onmessage = (event) => {
    if (Number(event.lastEventId) <= shown) return;
    log.append(`${event.data}\n`);
    log.scrollTop = log.scrollHeight;
  };
  source.addEventListener("status", (event) => {
    document.getElementById("status").textContent = JSON.parse(event.data).status;
  });
  source.addEventListener("end", () => {
    source.close();
    window.location.reload();
  });
}

const log = document.getElementById("log");
if (log) followLog(log);
else if (document.querySelector("[data-fragment]")) followAlerts();
