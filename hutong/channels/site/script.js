/* Hutong: the chat on a site. One request for this file, none to anybody else; no cookies. */
(function () {
  "use strict";
  var script = document.currentScript;
  var LOOK = __HUTONG_LOOK__;
  if (window.Hutong && window.Hutong.chat) return;
  var base = new URL(script && script.src ? script.src : location.href).origin + "/w/" + LOOK.id;
  var STORE = "hutong-chat-" + LOOK.id;
  var RETRY_MS = 1000, RETRY_MS_MAX = 30000, SHOWN_MAX = 300;

  var WORDS = {
    zh: {
      title: "在线咨询", hello: "您好，有什么可以帮您？", open: "打开聊天", close: "关闭聊天", write: "写点什么…", send: "发送", attach: "添加图片或文件", log: "聊天记录", you: "您", us: "客服",
      minutes: "通常几分钟内回复", hour: "通常一小时内回复", day: "通常一天内回复",
      offline: "网络断开了，正在重连。消息会在恢复后发出。", failed: "没有发出", again: "重发", large: "文件最大 5 MB。", many: "太快了，请稍等一分钟。",
      refused: "这里暂时不能聊天。", email: "留下邮箱，离开后也能收到回复", keep: "留下", kept: "已记下，谢谢。", wrong: "邮箱写得不对。",
      unread: "条未读", file: "文件", remove: "移除", tooMany: "一次最多 5 个文件。"
    },
    en: {
      title: "Chat with us", hello: "Hello, how can we help?", open: "Open the chat", close: "Close the chat", write: "Write something…", send: "Send", attach: "Add a picture or file", log: "Messages", you: "You", us: "Support",
      minutes: "We usually answer in a few minutes", hour: "We usually answer within an hour", day: "We usually answer within a day",
      offline: "You are offline. It goes out once the connection is back.", failed: "Not sent", again: "Try again", large: "A file has 5 MB at most.", many: "Too fast. Wait a minute.",
      refused: "The chat is not available here.", email: "Leave your e-mail, so that we can reach you later", keep: "Save", kept: "Noted, thank you.", wrong: "That is no e-mail address.",
      unread: "unread", file: "File", remove: "Remove", tooMany: "At most 5 files at once."
    }
  };
  var wanted = (script && script.dataset.language) || LOOK.language;
  var language = wanted === "zh" || wanted === "en" ? wanted : /^zh/i.test(document.documentElement.lang || navigator.language || "") ? "zh" : "en";
  var t = WORDS[language], title = LOOK.title || t.title, greeting = LOOK.greeting || t.hello;

  /* --- what is kept in this browser ------------------------------------------------ */
  var kept = read();
  function read() {
    try { return JSON.parse(localStorage.getItem(STORE) || "{}") || {}; } catch (error) { return {}; }
  }
  function keep(changes) {
    Object.assign(kept, changes);
    try { localStorage.setItem(STORE, JSON.stringify(kept)); } catch (error) { /* private browsing: the talk lasts as long as the page */ }
  }
  function random() {
    var bytes = crypto.getRandomValues(new Uint8Array(16)), found = "";
    for (var i = 0; i < bytes.length; i++) found += (bytes[i] + 256).toString(16).slice(1);
    return found;
  }
  if (!/^[0-9a-f]{32}$/.test(kept.visitor || "")) keep({ visitor: random(), seen: "", email: false });
  var userToken = (script && script.dataset.userToken) || "";

  /* --- the panel -------------------------------------------------------------------- */
  var host = document.createElement("div");
  host.id = "hutong-chat";
  host.lang = language === "zh" ? "zh-CN" : "en";
  var root = host.attachShadow({ mode: "open" });
  var style = document.createElement("style");
  style.textContent =
    ":host{all:initial;--c:" + LOOK.colour + ";--bg:#fff;--fg:#1c2024;--soft:#f1f3f5;--line:#d9dee3;--muted:#5b6670;--bad:#b42318}" +
    "@media (prefers-color-scheme:dark){:host{--bg:#1b1f23;--fg:#eceff1;--soft:#2a3036;--line:#3a424a;--muted:#a9b4bd;--bad:#ff9a90}}" +
    "*{box-sizing:border-box;font:15px/1.5 system-ui,-apple-system,'PingFang SC','Microsoft YaHei',sans-serif}[hidden]{display:none!important}" +
    "button{font:inherit;cursor:pointer;border:0}:focus-visible{outline:3px solid var(--c);outline-offset:2px}textarea:focus-visible,input:focus-visible{outline-width:2px;outline-offset:1px}" +
    ".go{position:fixed;right:20px;bottom:20px;width:56px;height:56px;border-radius:50%;background:var(--c);color:#fff;box-shadow:0 4px 16px rgba(0,0,0,.25);z-index:2147483000;padding:0}" +
    ".go:focus-visible,.head button:focus-visible{outline-color:#fff;box-shadow:0 0 0 5px var(--c)}" +
    ".go svg,.head svg,.foot svg{width:24px;height:24px;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round;display:block;margin:auto}" +
    ".badge{position:absolute;top:-4px;right:-4px;min-width:22px;height:22px;padding:0 6px;border-radius:11px;background:#b42318;color:#fff;font-size:13px;line-height:22px;text-align:center}" +
    ".panel{position:fixed;right:20px;bottom:88px;width:376px;height:min(600px,calc(100vh - 108px));display:flex;flex-direction:column;background:var(--bg);color:var(--fg);border:1px solid var(--line);border-radius:14px;overflow:hidden;box-shadow:0 12px 40px rgba(0,0,0,.25);z-index:2147483001}" +
    ".head{display:flex;align-items:center;gap:8px;padding:12px 8px 12px 16px;background:var(--c);color:#fff}.head h2{margin:0;font-size:17px;font-weight:600;overflow-wrap:anywhere}.head p{margin:0;font-size:13px}.head div{flex:1;min-width:0}.head button{background:none;color:#fff;width:44px;height:44px;border-radius:8px;flex:none}" +
    ".log{flex:1;overflow-y:auto;padding:16px;display:flex;flex-direction:column;gap:8px;overscroll-behavior:contain}" +
    ".m{max-width:85%;align-self:flex-start;background:var(--soft);border-radius:12px 12px 12px 4px;padding:8px 12px;white-space:pre-wrap;overflow-wrap:anywhere}.m.mine{align-self:flex-end;background:var(--c);color:#fff;border-radius:12px 12px 4px 12px}" +
    ".m img{display:block;max-width:100%;max-height:220px;border-radius:8px;margin:4px 0}.m a{color:inherit;text-decoration:underline}.m.wait{opacity:.75}" +
    ".bad{align-self:flex-end;color:var(--bad);font-size:13px}.bad button{background:none;color:inherit;text-decoration:underline;padding:8px}" +
    ".note{padding:8px 16px;font-size:13px;color:var(--muted);background:var(--soft)}.mail{padding:10px 16px;border-top:1px solid var(--line)}.mail label{display:block;font-size:13px;color:var(--muted);margin-bottom:6px}.mail div{display:flex;gap:8px}" +
    "input[type=email],textarea{flex:1;min-width:0;border:1px solid var(--muted);border-radius:10px;background:var(--bg);color:var(--fg);padding:9px 12px}textarea{resize:none;height:44px;max-height:120px;font-size:16px}input[type=email]{font-size:16px}::placeholder{color:var(--muted);opacity:1}" +
    ".foot{display:flex;gap:8px;padding:10px 12px;border-top:1px solid var(--line);align-items:flex-end}.foot button,.pick{width:44px;height:44px;border-radius:10px;background:none;color:var(--muted);flex:none;display:flex;align-items:center}.foot .send,.mail button{background:var(--c);color:#fff}.mail button{border-radius:10px;padding:0 14px;min-height:44px}" +
    ".files{display:flex;flex-wrap:wrap;gap:6px;padding:8px 16px}.files span{font-size:13px;background:var(--soft);border-radius:8px;padding:2px 4px 2px 8px;max-width:100%;overflow-wrap:anywhere}.files button{background:none;color:inherit;width:24px;height:24px}" +
    ".sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}" +
    "@media (max-width:480px){.panel{inset:0;width:auto;height:auto;border:0;border-radius:0}}" +
    "@media (prefers-reduced-motion:no-preference){.panel{animation:in .15s ease-out}@keyframes in{from{opacity:0;transform:translateY(8px)}}}";
  root.appendChild(style);

  function make(tag, attributes, text) {
    var found = document.createElement(tag);
    for (var name in attributes || {}) found.setAttribute(name, attributes[name]);
    if (text) found.textContent = text;
    return found;
  }
  function icon(path) {
    var space = "http://www.w3.org/2000/svg", found = document.createElementNS(space, "svg"), line = document.createElementNS(space, "path");
    found.setAttribute("viewBox", "0 0 24 24"); found.setAttribute("aria-hidden", "true");
    line.setAttribute("d", path); found.appendChild(line);
    return found;
  }
  var go = make("button", { "class": "go", type: "button", "aria-expanded": "false" });
  go.appendChild(icon("M21 11.5a8.5 8.5 0 0 1-8.5 8.5 8.6 8.6 0 0 1-3.8-.9L3 21l1.9-5.7a8.5 8.5 0 1 1 16.1-3.8z"));
  var badge = make("span", { "class": "badge", hidden: "" });
  go.appendChild(badge);
  var panel = make("section", { "class": "panel", role: "dialog", "aria-label": title, hidden: "" });
  var head = make("header", { "class": "head" }), names = make("div");
  names.appendChild(make("h2", {}, title));
  if (t[LOOK.within]) names.appendChild(make("p", {}, t[LOOK.within]));
  var shut = make("button", { type: "button", "aria-label": t.close });
  shut.appendChild(icon("M6 6l12 12M18 6L6 18"));
  head.appendChild(names); head.appendChild(shut);
  var log = make("div", { "class": "log", role: "log", "aria-label": t.log, "aria-live": "polite", tabindex: "0" });
  var note = make("div", { "class": "note", role: "status", hidden: "" });
  var mail = make("form", { "class": "mail", hidden: "" }), mailRow = make("div");
  var mailField = make("input", { type: "email", id: "mail", autocomplete: "email", maxlength: "254", required: "" });
  mail.noValidate = true;
  mail.appendChild(make("label", { "for": "mail" }, t.email));
  mailRow.appendChild(mailField); mailRow.appendChild(make("button", { type: "submit" }, t.keep)); mail.appendChild(mailRow);
  var files = make("div", { "class": "files", hidden: "" });
  var foot = make("form", { "class": "foot" });
  var picker = make("input", { type: "file", multiple: "", "class": "sr", tabindex: "-1", "aria-hidden": "true" });
  var pick = make("button", { type: "button", "aria-label": t.attach });
  pick.appendChild(icon("M21 11l-9 9a5 5 0 0 1-7-7l9-9a3.5 3.5 0 0 1 5 5l-9 9a2 2 0 0 1-3-3l8-8"));
  var field = make("textarea", { "aria-label": t.write, placeholder: t.write, maxlength: String(LOOK.textMax), rows: "1" });
  var send = make("button", { type: "submit", "class": "send", "aria-label": t.send });
  send.appendChild(icon("M4 12l16-8-6 16-3-7-7-1z"));
  [picker, pick, field, send].forEach(function (one) { foot.appendChild(one); });
  [head, log, note, mail, files, foot].forEach(function (one) { panel.appendChild(one); });
  root.appendChild(go); root.appendChild(panel);

  /* --- messages ----------------------------------------------------------------------- */
  var told = [], waiting = [], chosen = [], drawn = {}, last = "", isOpen = false, isBusy = false, noteTimer = 0;

  function show(text, lasts) {
    clearTimeout(noteTimer);
    note.textContent = text || "";
    note.hidden = !text;
    if (text && !lasts) noteTimer = setTimeout(function () { note.hidden = true; }, 6000);
  }
  function safe(url) {
    try { var found = new URL(url, base); return /^https?:$/.test(found.protocol) ? found.href : "#"; } catch (error) { return "#"; }
  }
  /* Text, with the addresses in it as links. */
  function write(into, text) {
    text.split(/(https?:\/\/[^\s<>"'，。；！？、（）]+)/).forEach(function (piece, at) {
      if (at % 2) into.appendChild(make("a", { href: safe(piece), target: "_blank", rel: "noopener noreferrer" }, piece));
      else if (piece) into.appendChild(document.createTextNode(piece));
    });
  }
  function bubble(message, isMine) {
    var found = make("div", { "class": "m" + (isMine ? " mine" : "") + (message.waits ? " wait" : "") });
    found.appendChild(make("span", { "class": "sr" }, (isMine ? t.you : t.us) + ": "));
    message.parts.forEach(function (part) {
      if (part.kind === "text") write(found, part.text);
      else if (part.kind === "image" && part.url) {
        var frame = make("a", { href: safe(part.url), target: "_blank", rel: "noopener noreferrer" });
        frame.appendChild(make("img", { src: safe(part.url), alt: part.name || t.file, loading: "lazy" }));
        found.appendChild(frame);
      } else if (part.url) found.appendChild(make("a", { href: safe(part.url), target: "_blank", rel: "noopener noreferrer" }, part.name || t.file));
      else found.appendChild(document.createTextNode(part.name || t.file));
    });
    return found;
  }
  function draw() {
    var isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
    var lines = [["greeting", function () { return bubble({ parts: [{ kind: "text", text: greeting }] }, false); }]];
    told.forEach(function (one) { lines.push([one.id, function () { return bubble(one, !one.own); }]); });
    waiting.forEach(function (one) {
      lines.push([one.id, function () { return bubble({ waits: true, parts: parts(one) }, true); }]);
      if (one.failed) lines.push(["bad" + one.id, function () {
        var bad = make("div", { "class": "bad" }, t.failed + " "), again = make("button", { type: "button" }, t.again);
        again.onclick = function () { one.failed = false; draw(); flush(); };
        bad.appendChild(again);
        return bad;
      }]);
    });
    /* Only what is new is added, so that it alone is read out. */
    var there = drawn;
    drawn = {};
    lines.forEach(function (line) { drawn[line[0]] = there[line[0]] || line[1](); });
    for (var key in there) if (!drawn[key]) there[key].remove();
    lines.forEach(function (line, at) { if (log.children[at] !== drawn[line[0]]) log.insertBefore(drawn[line[0]], log.children[at] || null); });
    if (isAtEnd) log.scrollTop = log.scrollHeight;
    mail.hidden = !(LOOK.email && !kept.email && !userToken && told.some(function (one) { return !one.own; }));
    count();
  }
  function parts(one) {
    var found = one.text ? [{ kind: "text", text: one.text }] : [];
    return found.concat(one.files.map(function (file) { return { kind: "file", url: "", name: (found.length ? "\n" : "") + file.name }; }));
  }
  function count() {
    var unread = isOpen ? 0 : told.filter(function (one) { return one.own && one.id > (kept.seen || ""); }).length;
    badge.hidden = !unread;
    badge.textContent = unread > 99 ? "99+" : String(unread);
    go.setAttribute("aria-label", isOpen ? t.close : t.open + (unread ? ", " + unread + " " + t.unread : ""));
    if (isOpen && told.length) {
      var newest = told[told.length - 1].id;
      if (newest > (kept.seen || "")) keep({ seen: newest });
    }
  }
  function take(messages) {
    messages.forEach(function (one) {
      if (one.id <= last) return;
      last = one.id;
      told.push(one);
      if (!one.own) waiting = waiting.filter(function (mine) { return mine.id !== one.key; });
    });
    if (told.length > SHOWN_MAX) told = told.slice(-SHOWN_MAX);
    if (messages.length) draw();
  }

  /* --- the wires ------------------------------------------------------------------------ */
  function post(path, body, headers) {
    return fetch(base + path, { method: "POST", mode: "cors", credentials: "omit", referrerPolicy: "no-referrer", headers: headers || { "content-type": "application/json" }, body: body });
  }
  function who(more) { return JSON.stringify(Object.assign({ visitor: kept.visitor, user_token: userToken }, more)); }
  function fetchNew() {
    return post("/talk", who({ after: last })).then(function (answer) {
      if (!answer.ok) throw answer.status;
      return answer.json();
    }).then(function (found) { take(found.messages); if (found.messages.length >= 50 && last) return fetchNew(); });
  }
  var wire = null, tries = 0, stopped = false;
  function listen() {
    if (stopped || wire) return;
    wire = new AbortController();
    var began = Date.now();
    fetch(base + "/stream", { method: "POST", mode: "cors", credentials: "omit", referrerPolicy: "no-referrer", headers: { "content-type": "application/json" }, body: who({}), signal: wire.signal })
      .then(function (answer) {
        if (answer.status === 401 || answer.status === 403 || answer.status === 404) { stopped = true; show(t.refused, true); throw answer.status; }
        if (!answer.ok) throw answer.status;
        tries = 0;
        show("");
        return fetchNew().then(function () {
          flush();
          var reader = answer.body.getReader(), decoder = new TextDecoder();
          function next() {
            return reader.read().then(function (piece) {
              if (piece.done) return;
              if (decoder.decode(piece.value, { stream: true }).indexOf("data:") >= 0) fetchNew().catch(function () { /* the next line, or the next wire, brings it */ });
              return next();
            });
          }
          return next();
        });
      })
      .catch(function () { /* opened again below */ })
      .then(function () {
        wire = null;
        if (stopped) return;
        tries = Date.now() - began > 60000 ? 0 : tries + 1;
        if (!navigator.onLine) show(t.offline, true);
        setTimeout(listen, Math.random() * Math.min(RETRY_MS_MAX, RETRY_MS * Math.pow(2, Math.min(tries, 5))) + 200);
      });
  }
  function flush() {
    var one = waiting.filter(function (mine) { return !mine.failed; })[0];
    if (!one || isBusy) return;
    isBusy = true;
    uploaded(one).then(function (names) {
      return post("/messages", who({ id: one.id, text: one.text, files: names, page: location.origin + location.pathname, after: last }));
    }).then(function (answer) {
      if (answer.ok) return answer.json().then(function (found) {
        waiting = waiting.filter(function (mine) { return mine !== one; });
        take(found.messages); draw();
      });
      one.failed = true;
      show(answer.status === 429 ? t.many : answer.status === 413 ? t.large : t.failed);
      draw();
    }).catch(function (error) {
      if (error instanceof TypeError) { show(t.offline, true); throw error; } /* no network: it stays and goes when there is one */
      one.failed = true;
      show(error === 413 ? t.large : error === 429 ? t.many : t.failed);
      draw();
    }).then(function () { isBusy = false; flush(); }, function () { isBusy = false; });
  }
  function uploaded(one) {
    return one.files.reduce(function (before, file) {
      return before.then(function (names) {
        if (file.done) return names.concat([file.done]);
        return post("/uploads", file.blob, { "content-type": "application/octet-stream", "x-file-name": encodeURIComponent(file.name), "x-visitor": kept.visitor, "x-user-token": userToken })
          .then(function (answer) { if (!answer.ok) throw answer.status; return answer.json(); })
          .then(function (found) { file.done = found; return names.concat([found]); });
      });
    }, Promise.resolve([]));
  }

  /* --- what people do ------------------------------------------------------------------- */
  function toggle(open) {
    isOpen = open;
    panel.hidden = !open;
    go.setAttribute("aria-expanded", String(open));
    if (open) { draw(); log.scrollTop = log.scrollHeight; field.focus(); listen(); } else { count(); go.focus(); }
  }
  go.onclick = function () { toggle(!isOpen); };
  shut.onclick = function () { toggle(false); };
  panel.addEventListener("keydown", function (event) { if (event.key === "Escape") toggle(false); });
  field.addEventListener("input", function () { field.style.height = "44px"; field.style.height = Math.min(120, field.scrollHeight + 2) + "px"; });
  field.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) { event.preventDefault(); foot.requestSubmit(); }
  });
  foot.addEventListener("submit", function (event) {
    event.preventDefault();
    var text = field.value.trim();
    if (!text && !chosen.length) return;
    waiting.push({ id: random(), text: text, files: chosen });
    chosen = []; field.value = ""; field.style.height = "44px";
    drawFiles(); draw(); log.scrollTop = log.scrollHeight;
    listen(); flush();
  });
  pick.onclick = function () { picker.click(); };
  picker.onchange = function () { choose(picker.files); picker.value = ""; };
  field.addEventListener("paste", function (event) { if (event.clipboardData && event.clipboardData.files.length) { event.preventDefault(); choose(event.clipboardData.files); } });
  function choose(list) {
    Array.prototype.forEach.call(list, function (file) {
      if (file.size > LOOK.fileBytes) show(t.large);
      else if (chosen.length >= LOOK.filesMax) show(t.tooMany);
      else chosen.push({ name: file.name || t.file, blob: file });
    });
    drawFiles();
  }
  function drawFiles() {
    files.textContent = "";
    files.hidden = !chosen.length;
    chosen.forEach(function (file) {
      var one = make("span", {}, file.name), off = make("button", { type: "button", "aria-label": t.remove + " " + file.name }, "×");
      off.onclick = function () { chosen = chosen.filter(function (other) { return other !== file; }); drawFiles(); field.focus(); };
      one.appendChild(off); files.appendChild(one);
    });
  }
  mail.addEventListener("submit", function (event) {
    event.preventDefault();
    post("/address", who({ email: mailField.value })).then(function (answer) {
      if (answer.status === 422) { show(t.wrong); mailField.focus(); return; }
      if (!answer.ok) throw answer.status;
      keep({ email: true }); draw(); show(t.kept); field.focus();
    }).catch(function () { show(t.failed); });
  });
  window.addEventListener("online", function () { show(""); if (wire) wire.abort(); else listen(); flush(); });
  window.addEventListener("offline", function () { show(t.offline, true); });
  window.addEventListener("storage", function (event) { if (event.key === STORE) { kept = Object.assign(read(), { visitor: kept.visitor }); count(); } });

  function begin() {
    document.body.appendChild(host);
    draw();
    if (kept.begun || userToken) listen();
  }
  foot.addEventListener("submit", function () { keep({ begun: true }); });
  window.Hutong = Object.assign(window.Hutong || {}, {
    chat: {
      open: function () { toggle(true); },
      close: function () { toggle(false); },
      /* A JWT of the site (HS256), or "" when the person signs out. */
      identify: function (token) {
        userToken = token || ""; told = []; waiting = []; last = ""; stopped = false; draw();
        if (wire) wire.abort(); else listen();
      }
    }
  });
  if (document.body) begin(); else document.addEventListener("DOMContentLoaded", begin);
})();
