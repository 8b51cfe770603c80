// Brings the page up to date every 30 seconds, and keeps the place. Without it the page is read as well.
"use strict";
(() => {
  const EVERY = 30_000;
  const main = document.querySelector("main");
  const said = document.getElementById("refreshed");
  const pause = document.getElementById("pause");
  let paused = false;

  const inUse = () => {
    const picked = document.getSelection();
    return (picked && !picked.isCollapsed) || (main !== document.activeElement && main.contains(document.activeElement));
  };

  const refresh = async () => {
    if (paused || document.hidden || inUse()) return;
    let failed = "This page is no longer brought up to date: load it again.";
    try {
      const answer = await fetch(location.href, { cache: "no-store", credentials: "same-origin" });
      if (answer.ok) {
        const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
        if (fresh && !inUse()) main.replaceChildren(...fresh.childNodes);
        failed = "";
      }
    } catch {
      // said below
    }
    if (said.textContent !== failed) said.textContent = failed;
  };

  pause.hidden = false;
  pause.textContent = "Pause updates";
  pause.addEventListener("click", () => {
    paused = !paused;
    pause.textContent = paused ? "Go on updating" : "Pause updates";
  });
  setInterval(refresh, EVERY);
})();
