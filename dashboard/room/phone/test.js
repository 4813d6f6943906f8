"use strict";
(async function () {
  const base = "/r/" + location.pathname.split("/")[2];
  const $ = (id) => document.getElementById(id);
  const line = (words) => $("found").append(Object.assign(document.createElement("li"), { textContent: words }));

  async function look() {
    try {
      const answer = await fetch(base + "/state", { cache: "no-store" });
      return { status: answer.status, body: await answer.json() };
    } catch (error) {
      return { status: 0 };
    }
  }
  function keeps() {
    try {
      localStorage.setItem("oneveto:test", "1");
      localStorage.removeItem("oneveto:test");
      return true;
    } catch (error) {
      return false;
    }
  }

  $("go").href = base;
  const times = [];
  let found = null;
  for (let tries = 0; tries < 8; tries += 1) {
    const start = performance.now();
    found = await look();
    if (found.status !== 200) break;
    times.push(performance.now() - start);
  }
  if (times.length < 8) {
    $("phase").textContent = found.status ? found.body.refused
      : "This phone does not reach the room. Is it in the same Wi-Fi?";
    $("go").textContent = "Try again";
    $("go").href = location.pathname;
    return;
  }
  times.sort((one, other) => one - other);
  $("phase").textContent = "This phone reaches the room.";
  line("There and back in " + Math.round(times[4]) + " ms, at worst " + Math.round(times[7]) + " ms.");
  line("Room " + found.body.room + ": " + found.body.title + ".");
  line(keeps() ? "This phone remembers who you are after a reload."
    : "This window does not remember after a reload; leave private browsing.");
})();
