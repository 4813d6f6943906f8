"use strict";
(function () {
  const GLYPHS = { support: "✓", silent: "–", reserve: "≈", object: "✕" };
  const ACTS = {
    support: "Support",
    silent: "Stay silent",
    reserve: "Acquiesce, with a reservation",
    object: "Break the silence",
  };
  const PACE = 2000, SLOWEST = 4000, PATIENCE = 6000, DOUBLE = 300;
  const code = (location.pathname.split("/")[2] || "").toUpperCase();
  const base = "/r/" + code;
  const $ = (id) => document.getElementById(id);

  // What this phone remembers: who it is, the ballot under way, when the last one was acknowledged.

  const KEY = "oneveto:" + code;
  const nobody = (id = "") => ({ id, pending: null, sent: null });
  let memory = nobody();
  function kept() {
    try {
      return JSON.parse(localStorage.getItem(KEY) || "{}");
    } catch (error) { // private windows remember for as long as they are open
      return {};
    }
  }
  function recall() {
    memory = Object.assign(memory, kept());
    const moved = /^#(p\d+\.[\w-]+)$/.exec(location.hash);
    if (moved) {
      if (memory.id !== moved[1]) memory = nobody(moved[1]);
      remember();
    }
    if (location.hash) history.replaceState(null, "", location.pathname);
  }
  function remember() {
    try { localStorage.setItem(KEY, JSON.stringify(memory)); } catch (error) { /* as above */ }
  }

  // Asking the room: {status, body, refused, headers}; status 0 where nobody answers.

  async function ask(path, body, extra) {
    const headers = Object.assign({}, extra);
    if (memory.id) headers.Authorization = "Bearer " + memory.id;
    const options = { headers, cache: "no-store" };
    if (body) {
      options.method = "POST";
      options.body = JSON.stringify(body);
      headers["Content-Type"] = "application/json";
    }
    const stop = window.AbortController ? new AbortController() : null;
    if (stop) options.signal = stop.signal;
    const alarm = stop && setTimeout(() => stop.abort(), PATIENCE);
    try {
      const answer = await fetch(base + "/" + path, options);
      const kind = answer.headers.get("Content-Type") || "";
      const found = kind.indexOf("json") > 0 ? await answer.json() : null;
      return { status: answer.status, body: found, refused: found && found.refused, headers: answer.headers, answer };
    } catch (error) {
      return { status: 0, body: null };
    } finally {
      clearTimeout(alarm);
    }
  }

  // Drawing: elements from words, never from markup; a part is drawn anew only when it changed.

  function el(tag, traits, children) {
    const made = document.createElement(tag);
    Object.entries(traits).forEach(([name, value]) => {
      if (name === "press") made.addEventListener("click", value);
      else if (value === true) made.setAttribute(name, "");
      else if (value !== false && value !== null) made.setAttribute(name, value);
    });
    [].concat(children || []).forEach((child) => {
      if (child) made.append(child);
    });
    return made;
  }
  const drawn = {};
  function draw(id, what, make) {
    const key = JSON.stringify(what);
    if (drawn[id] === key) return;
    drawn[id] = key;
    const place = $(id), held = document.activeElement;
    const focus = place.contains(held) && held.getAttribute("data-key");
    const inner = place.tagName === "DETAILS" ? place.querySelector("div") : place;
    const parts = make(); // before the old ones go: one may hold half a name
    inner.textContent = "";
    place.hidden = !parts;
    (parts || []).forEach((part) => part && inner.append(part));
    const keyed = (key) => [...inner.querySelectorAll("[data-key]")]
      .find((one) => one.getAttribute("data-key") === key);
    const again = focus && (keyed(focus) || keyed(focus.split(" ")[0])); // a reason folds into its stance
    if (again) again.focus();
    if (again && again.value) again.setSelectionRange(again.value.length, again.value.length);
  }
  function say(id, words) {
    if ($(id).textContent !== words) $(id).textContent = words;
  }

  // How the room stands.

  let room = null, tag = "", failures = 0, trouble = "", offset = 0, gone = false, note = "", timer = 0, looks = 0;

  async function look() {
    clearTimeout(timer);
    if (gone) return;
    const mine = ++looks;
    const found = await ask("state", null, tag ? { "If-None-Match": tag } : {});
    if (mine !== looks) return; // somebody has looked since, or spoken
    hear(found);
    clearTimeout(timer);
    const wait = failures ? Math.min(SLOWEST, PACE * Math.pow(1.5, failures)) : PACE;
    timer = setTimeout(look, (document.hidden ? 4 : 1) * wait * (0.9 + 0.2 * Math.random()));
  }
  function hear(found) {
    const before = failures;
    if (found.status === 200 || found.status === 304) {
      failures = 0;
      trouble = "";
      offset = Number(found.headers.get("Room-Time")) - Date.now() / 1000;
      if (found.status === 200) {
        tag = found.headers.get("ETag");
        room = found.body;
        settle();
      }
      if (before && memory.pending) send();
    } else if (found.status === 401) {
      outside(found.refused);
    } else if (found.status === 404) {
      gone = true;
      note = found.refused || "There is no such room here.";
    } else {
      failures += 1;
      trouble = found.refused || "";
    }
    show();
  }
  function outside(words) {
    const other = kept(); // another window of this browser may have come in since
    const again = other.id && other.id !== memory.id;
    memory = again ? Object.assign(nobody(), other) : nobody();
    remember();
    tag = "";
    note = again ? "" : words;
    if (room) room.you = null;
    look();
  }

  // The ballot: kept until the room has acknowledged it; the same turn twice is one ballot.

  let refused = "", refusedOn = 0, sending = false;
  let wanted = "", wantedOn = 0, unfolded = 0; // whose reasons stand open, on which text, since when
  let unsaid = ""; // why the room does not take a ballot yet; a look that succeeds says nothing of that

  function settle() {
    const text = room.text, pending = memory.pending, on = text ? text.number : 0;
    if (refused && refusedOn !== on) refused = "";
    if (wantedOn !== on) wanted = "";
    if (!pending || (on === pending.put && room.phase === "open")) return;
    const counts = on === pending.put && room.ballot && room.ballot.turn >= pending.turn;
    if (!counts) {
      refused = on < pending.put ? "The text that you spoke on was taken back."
        : "The gavel fell before your last answer arrived; it does not count.";
      refusedOn = on;
    }
    memory.pending = null;
    remember();
  }

  function speak(stance, reason) {
    const turns = [room.ballot, memory.pending].map((one) => (one ? one.turn : 0));
    memory.pending = {
      put: room.text.number, turn: Math.max(...turns) + 1, stance, reason,
    };
    refused = wanted = "";
    remember();
    show();
    send();
  }
  async function send() {
    if (sending) return;
    sending = true;
    for (let tries = 0; memory.pending; tries += 1) {
      const ballot = memory.pending, who = memory.id;
      const found = await ask("ballot", ballot);
      if (who !== memory.id) break;
      const newer = memory.pending !== ballot;
      if (found.status === 200) {
        failures = tries = 0;
        trouble = unsaid = "";
        looks += 1;
        room.ballot = found.body;
        tag = "";
        memory.sent = { put: found.body.put, turn: found.body.turn, at: clock(new Date()) };
        if (!newer) memory.pending = null;
      } else if (found.status === 401) {
        sending = false;
        unsaid = "";
        return outside(found.refused);
      } else if (found.status === 0 || found.status === 408 || found.status === 429 || found.status > 499) {
        failures += 1;
        trouble = "";
        unsaid = found.refused || "";
        show();
        await rest(Math.min(SLOWEST, 1000 * Math.pow(2, tries)));
      } else if (!newer) {
        tag = "";
        await look(); // which drops a ballot that came too late, and says so
        if (memory.pending === ballot) {
          memory.pending = null;
          refused = found.refused || "The room did not take this answer.";
          refusedOn = ballot.put;
        }
      }
      remember();
      show();
    }
    sending = false;
    unsaid = "";
    look();
  }
  let wake = null;
  function rest(time) {
    return new Promise((done) => { wake = done; setTimeout(done, time); });
  }
  const clock = (time) => time.toTimeString().slice(0, 8);

  // Coming, sitting and going.

  let busy = false; // a second tap comes before the first is answered

  async function once(act) {
    if (busy) return;
    busy = true;
    try { await act(); } finally { busy = false; }
  }
  const join = (seat) => once(() => comeIn(seat));
  const sit = (seat) => once(() => sitDown(seat));

  async function comeIn(seat) {
    const name = $("name") ? $("name").value : "";
    if (!memory.key) {
      memory.key = [...crypto.getRandomValues(new Uint8Array(16))]
        .map((byte) => byte.toString(16).padStart(2, "0")).join("");
      remember();
    }
    const found = await ask("join", { name, seat }, { "Idempotency-Key": memory.key });
    if (found.status !== 200) return turned(found);
    memory = nobody(found.body.who + "." + found.body.token);
    remember();
    note = "";
    tag = "";
    look();
  }
  async function sitDown(seat) {
    const found = await ask("seat", { seat });
    if (found.status === 401) return outside(found.refused);
    if (found.status !== 200) return turned(found);
    note = "";
    tag = "";
    $("more").open = false;
    look();
  }
  async function leave() {
    const back = room.closed ? " The room is closed: you cannot come back." : "";
    if (!confirm("Leave the room? Your seat becomes free." + back)) return;
    const found = await ask("leave", {});
    if (found.status === 200 || found.status === 401) outside("You have left." + (back ? "" : " You can join again."));
    else turned(found);
  }
  function turned(found) {
    note = found.refused || "No connection to the room. Try again.";
    tag = "";
    show();
    look();
  }

  async function transfer() {
    const found = await ask("transfer.svg");
    if (found.status !== 200) return turned(found);
    const picture = el("img", {
      alt: "Code to scan with your second phone",
      src: URL.createObjectURL(await found.answer.blob()),
    });
    const place = $("scan");
    place.textContent = "";
    place.append(
      el("p", {}, "Scan this with your second phone. Whoever scans it speaks as you: show it to nobody."),
      picture,
    );
    setTimeout(() => { place.textContent = ""; }, 60000);
    $("transfer").scrollIntoView();
  }

  // What is on the screen.

  function show() {
    const inside = room && room.you;
    const lost = failures > 0;
    let words = note;
    if (memory.pending && unsaid) {
      words = unsaid + " Your answer is not sent yet; trying again.";
    } else if (lost) {
      words = (trouble || (memory.pending ? "No connection; your answer is not sent yet." : "No connection to the room."))
        + " Trying again.";
    }
    say("banner", words);
    $("banner").hidden = !words;
    if (gone) {
      $("room").hidden = true;
      draw("join", "gone", () => [el("a", { class: "button", href: "/r" }, "Type the code")]);
    }
    if (gone || !room) return;
    say("title", room.title);
    const seat = inside && room.seats.find((one) => one.id === room.you.seat);
    const name = inside && room.you.name ? room.you.name + ", " : "";
    say("seat", "Room " + room.room + (inside ? " · " + name + (seat ? seat.title : "watching") : ""));
    $("room").hidden = !inside;
    draw("join", inside ? null : [room.seats, room.closed], () => (inside ? null : joining()));
    if (inside) table(seat);
    if (inside && was === false) $("phase").focus();
    was = !!inside;
  }
  let was = null;

  function joining() {
    if (room.closed && !memory.key) return [el("p", {}, "The room is closed to newcomers; ask the facilitator.")];
    const name = $("name") ? $("name").value : "";
    const free = room.seats.some((seat) => !seat.locked && !seat.taken);
    return [
      el("h2", {}, "Join"),
      el("label", { for: "name" }, "Your name, if you like; others may see it"),
      el("input", { id: "name", maxlength: 40, autocomplete: "nickname", value: name, "data-key": "name" }),
      el("p", {}, "Whom do you speak for?"),
      free ? el("button", { class: "primary", "data-key": "any", press: () => join("*") }, "Give me a seat")
        : el("p", { class: "soft" }, "No seat is free. Sit with somebody who has one, or watch."),
    ].concat(chairs(join), [
      el("button", { "data-key": "watch", press: () => join("") }, "Only watch"),
    ]);
  }
  function chairs(take) {
    return room.seats.map((seat) => {
      const how = seat.id === (room.you && room.you.seat) ? "yours" : seat.taken ? "taken" : seat.locked ? "locked" : "";
      const whom = seat.members.length > 1 ? seat.members.join(", ") : "";
      return el("button", {
        "data-key": "seat " + seat.id, disabled: !!how, press: () => take(seat.id),
      }, [seat.title + (how ? " (" + how + ")" : ""), whom && el("small", {}, whom)]);
    });
  }

  const PHASES = {
    lobby: "Waiting for the first text.",
    open: "A text is on the table.",
    gavelled: "The gavel has fallen. Wait for the reveal.",
    revealed: "The council has decided.",
  };
  let shown = "";
  function table(seat) {
    const text = room.text, open = room.phase === "open", result = room.result;
    const news = room.injects.slice(room.known), before = room.phase === "lobby" || room.phase === "revealed";
    const ahead = before && room.ahead.length > 0, since = result && (ahead || news.length > 0);
    say("phase", ahead ? "Talk about what comes next." : since ? "News." : PHASES[room.phase]);
    draw("ahead", ahead && room.ahead, () => ahead && theText(room.ahead));
    draw("happened", [news, open], () => news.length && happened(news, open));
    draw("result", [result, room.part, since], () => result && revealed(result, since));
    draw("text", [text, since], () => text && !since && onTheTable(text));
    const said = memory.pending || room.ballot;
    draw("ballot", [open && !!seat, text && text.number, said, wanted], () => open && seat && choices(said));
    say("sent", seat ? state(said) : "");
    draw("card", room.you.seat, () => (seat ? [el("p", { class: "soft" }, "…")] : null));
    if (seat && cardOf !== seat.id) fetchCard(seat.id);
    draw("standing", room.standing, () => room.standing.length && [el("ul", {}, room.standing.map(
      (one) => el("li", {}, one.clause + ", " + one.level)))]);
    draw("more", [room.seats, room.you.seat, room.injects, room.known], others);
    tick();
    const moment = room.phase + (text ? text.number : "");
    if (shown && shown !== moment) window.scrollTo(0, 0);
    shown = moment;
  }
  function happened(news, open) {
    const told = news.map((one) => el("div", { class: "happened" }, [el("h3", {}, one.title), el("p", {}, one.text)]));
    const head = "News: " + news.map((one) => one.title).join(", ");
    return open ? [el("details", {}, [el("summary", {}, head), el("div", {}, told)])] : told;
  }
  function onTheTable(text) {
    const rule = el("p", { class: text.otherwise ? "banner" : "soft" }, text.rule);
    const parts = theText(text.clauses, text.title);
    return text.otherwise ? [rule].concat(parts) : parts.concat(rule); // what changes silence comes first
  }
  function theText(clauses, title) {
    const many = clauses.length;
    if (many === 1) return clauses.map((one) => clause(one, "h2"));
    const head = [el("h2", {}, title || many + " clauses as one text"), el("p", {}, "They stand or fall together.")];
    const rows = clauses.map((one) => clause(one, "h3"));
    if (many < 3) return head.concat(rows);
    const list = el("ul", {}, clauses.map((one) => el("li", {}, one.title + ", " + one.level)));
    return head.concat(many < 7 ? list : null, el("details", {}, [
      el("summary", {}, "Read them"), el("div", {}, rows),
    ]));
  }
  function clause(one, heading) {
    return el("div", { class: "clause" }, [
      el(heading, {}, one.title),
      el("p", { class: one.lowered ? "level" : "soft" }, capital(one.level) + "."),
      el("p", {}, one.text),
    ]);
  }
  const capital = (words) => words.charAt(0).toUpperCase() + words.slice(1);

  function choices(said) {
    const parts = [el("h2", {}, "What do you do?")];
    Object.keys(ACTS).forEach((stance) => {
      const argued = stance === "reserve" || stance === "object";
      const pressed = !!said && said.stance === stance;
      const open = argued && (wanted ? wanted === stance : pressed && !said.reason && said.who !== "desk");
      parts.push(el("button", {
        class: "stance " + stance, "data-key": stance, "aria-pressed": String(pressed),
        "aria-expanded": argued ? String(open) : null,
        press: () => {
          if (!argued || !pressed) speak(stance, ""); // it counts at once; a reason may follow
          if (argued) {
            if (wanted !== stance) unfolded = Date.now();
            wanted = stance; // and stays so: a second tap may be half of a double one
            wantedOn = room.text.number;
          }
          show();
        },
      }, [el("b", { "aria-hidden": "true" }, GLYPHS[stance]), el("span", {}, [
        ACTS[stance], pressed && said.reason ? el("small", {}, room.reasons[said.reason]) : null,
      ])]));
      if (open) parts.push(why(stance, said));
    });
    return parts;
  }
  function why(stance, said) {
    return el("div", { class: "reasons " + stance, role: "group", "aria-label": "Why?" },
      [el("p", {}, stance === "object" ? "You break the silence. Why?" : "You have a reservation. Why?")].concat(
        Object.entries(room.reasons).map(([reason, words]) => el("button", {
          "data-key": stance + " " + reason,
          "aria-pressed": String(!!said && said.stance === stance && said.reason === reason),
          press: (tap) => { if (!tap.detail || Date.now() - unfolded > DOUBLE) speak(stance, reason); },
        }, words))));
  }
  function state(said) {
    const open = room.phase === "open";
    if (refused) return refused;
    if (memory.pending) return failures || unsaid ? "Not sent yet." : "Sending…";
    if (!said) return open ? "You have said nothing yet; at the gavel that counts as silence." : "";
    if (said.who !== room.you.who) {
      const what = said.stance ? ": " + ACTS[said.stance].toLowerCase() : ""; // a newcomer is not told
      return (said.who === "desk" ? "The desk has spoken for you" + what : "Somebody before you has spoken on this seat")
        + "." + (open ? " You can change it until the gavel." : "");
    }
    const mine = memory.sent && memory.sent.put === said.put && memory.sent.turn === said.turn;
    const when = mine ? "Sent at " + memory.sent.at : "Sent";
    return open ? when + ", you can change it until the gavel."
      : room.phase === "gavelled" ? "Your last word: " + ACTS[said.stance].toLowerCase() + "." : "";
  }

  function revealed(result, since) {
    const own = result.adopted ? "support" : "object";
    return [
      el("h2", {}, (since ? "Before: " : "") + result.text),
      el("p", { class: "verdict " + own }, [result.sentence]),
      room.part ? el("p", {}, [el("strong", {}, "Your part: "), room.part]) : null,
      el("h3", {}, "Roll call"),
      el("ul", { class: "roll" }, result.roll.filter((one) => one.by !== "model").map((one) => row(
        one.stance, one.who + " " + room.done[one.stance] + (one.by === "desk" ? " (said at the desk)" : ""),
        room.reasons[one.reason]))),
    ].concat(played(result.roll.filter((one) => one.by === "model")));
  }
  function played(roll) {
    if (!roll.length) return [];
    const stances = Object.keys(ACTS).reverse();
    const names = (stance) => roll.filter((one) => one.stance === stance).map((one) => one.who).join(", ");
    return [
      el("h3", {}, "Played by the model"),
      el("ul", { class: "roll" }, stances.filter(names).map((stance) => row(
        stance, ACTS[stance] + ": " + names(stance)))),
    ];
  }
  function row(stance, words, reason) {
    return el("li", { class: "said " + stance }, [
      el("b", { "aria-hidden": "true" }, GLYPHS[stance]),
      el("div", {}, [words, reason ? el("span", { class: "soft" }, reason) : null]),
    ]);
  }

  async function fetchTexts() {
    const place = $("texts").querySelector("div");
    if (!$("texts").open || place.childNodes.length) return;
    const found = await ask("texts");
    if (found.status !== 200 || place.childNodes.length) return;
    found.body.forEach((one) => place.append(
      el("div", { class: "clause" }, [el("h2", {}, one.title), el("p", {}, one.text)])));
  }

  let cardOf = "";
  async function fetchCard(seat) {
    cardOf = seat;
    const found = await ask("card");
    if (cardOf !== seat) return; // somebody has changed seats since
    if (found.status !== 200) {
      cardOf = "";
      return;
    }
    const place = $("card").querySelector("div");
    place.textContent = "";
    cardParts(found.body).forEach((part) => place.append(part));
    if (room.phase === "lobby") $("card").open = true;
  }
  function cardParts(card) {
    const parts = [];
    Object.entries(card).filter(([name, said]) => name !== "title" && said.length).forEach(([name, said]) => {
      parts.push(el("h2", {}, capital(name.replace(/_/g, " "))));
      if (said.length > 1) parts.push(el("ul", {}, said.map((one) => el("li", {}, one))));
      else parts.push(el("p", {}, said[0]));
    });
    return parts;
  }

  function others() {
    const before = room.injects.slice(0, room.known);
    return [
      before.length ? el("h3", {}, "What happened before") : null,
      before.length ? el("ul", {}, before.map((one) => el("li", {}, one.title + ": " + one.text))) : null,
      el("h3", {}, "Change seat"),
    ].concat(chairs(sit), [
      room.you.seat ? el("button", { "data-key": "watch", press: () => sit("") }, "Give up the seat and watch")
        : null,
      el("button", { "data-key": "leave", press: leave }, "Leave the room"),
    ]);
  }

  function tick() {
    if (!room || !room.you) return;
    const now = Date.now() / 1000 + offset, text = room.text;
    const until = room.phase === "open" ? text.deadline : null;
    const end = until || room.clock;
    const left = end ? Math.ceil(end - now) : 0;
    let words = "";
    if (until) words = left > 0 ? "Silence ends in " + minutes(left) : "Time is up; the gavel may fall at any moment.";
    else if (left > 0) words = "Talks: " + minutes(left) + " left";
    say("timer", words);
    $("timer").hidden = !words;
  }
  const minutes = (left) => Math.floor(left / 60) + ":" + String(left % 60).padStart(2, "0");

  function soon() {
    if (wake) wake();
    look();
  }
  recall();
  look();
  if (memory.pending) send();
  $("texts").addEventListener("toggle", fetchTexts);
  $("transfer").addEventListener("click", transfer);
  setInterval(tick, 500);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) soon(); });
  window.addEventListener("online", soon);
  window.addEventListener("pageshow", (event) => { if (event.persisted) soon(); });
  window.addEventListener("storage", (event) => {
    if (event.key === KEY && !memory.id) { recall(); tag = ""; look(); }
  });
  window.addEventListener("hashchange", () => { recall(); tag = ""; look(); });
})();
