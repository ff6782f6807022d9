// Adds to pages what needs a script: buttons that copy, and elements that show what happens while it happens. Each page
// works without it.
"use strict";

// Each example of the help gets a button that copies it.
document.querySelectorAll(".prose pre").forEach((pre) => {
  const box = document.createElement("div");
  box.className = "copied";
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.dataset.copy = pre.textContent;
  button.textContent = "Copy";
  pre.replaceWith(box);
  box.append(pre, button);
});

// Buttons that copy are hidden without a script. data-copy has the text, data-copy-from the id of an element with it.
document.querySelectorAll("button.copy").forEach((button) => { button.hidden = false; });
document.addEventListener("click", async (event) => {
  const button = event.target.closest("button.copy");
  if (!button) return;
  const from = button.dataset.copyFrom && document.getElementById(button.dataset.copyFrom);
  const label = button.textContent;
  try {
    await navigator.clipboard.writeText(from ? from.textContent : button.dataset.copy);
    button.textContent = "Copied";
  } catch {
    if (from) getSelection().selectAllChildren(from);
    button.textContent = "Press Ctrl-C";
  }
  setTimeout(() => { button.textContent = label; }, 2000);
});

// An element with data-live="URL" receives server-sent events. Their data is HTML: an element with an id replaces the
// one that has it in the page, others are added at the beginning of the live element, which keeps data-live-max of them.
// data-live-after is the id of the last event that the page has already.
function follow(element) {
  let source = null;
  let last = element.dataset.liveAfter || "";
  const open = () => {
    if (source) return;
    const url = new URL(element.dataset.live, location.href);
    if (last) url.searchParams.set("after", last);
    let opened = false;
    source = new EventSource(url);
    source.onopen = () => { opened = true; tooManyStreams(false); };
    source.onmessage = (event) => {
      if (event.lastEventId) last = event.lastEventId;
      show(element, event.data);
    };
    source.onerror = () => { // the browser would repeat the address with the old "after"
      close();
      if (!opened) checkStream(url);
      setTimeout(() => { if (!document.hidden) open(); }, 3000);
    };
  };
  const close = () => { if (source) source.close(); source = null; };
  // A hidden page has no connection: browsers open only six to one host.
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  addEventListener("pagehide", close);
  if (!document.hidden) open();
}

// checkStream says in the page that it can't be followed, if that is why its events can't be had: an EventSource does not
// tell the status.
async function checkStream(url) {
  const request = new AbortController();
  try {
    const response = await fetch(url, { signal: request.signal });
    tooManyStreams(response.status === 429);
  } catch { /* the mock has stopped */ }
  request.abort();
}

function tooManyStreams(are) { document.getElementById("too-many-streams").hidden = !are; }

function show(element, html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  template.content.querySelectorAll("button.copy").forEach((button) => { button.hidden = false; });
  for (const added of [...template.content.children]) {
    const present = added.id && document.getElementById(added.id);
    if (present && present.contains(document.activeElement) && present !== document.body) continue;
    if (present) {
      present.replaceWith(added);
    } else {
      added.classList.add("fresh");
      element.prepend(added);
    }
  }
  const max = Number(element.dataset.liveMax || 0);
  while (max && element.children.length > max && !element.lastElementChild.contains(document.activeElement)) {
    element.lastElementChild.remove();
  }
  document.querySelectorAll("[data-live-empty]").forEach((note) => { note.hidden = element.children.length > 0; });
}

document.querySelectorAll("[data-live]").forEach(follow);
