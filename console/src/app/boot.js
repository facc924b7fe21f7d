// Runs before the first paint: the stored (or the browser's) theme and language go on <html>.
// The keys are those of design/colorMode.ts and i18n/language.ts.
(function () {
  var root = document.documentElement;
  function stored(key) {
    try {
      return window.localStorage.getItem(key);
    } catch {
      return null; // storage can be forbidden; the defaults below still hold
    }
  }
  var mode = stored("hutong.theme");
  var dark = mode === "dark" || (mode !== "light" && window.matchMedia("(prefers-color-scheme: dark)").matches);
  root.dataset.theme = dark ? "dark" : "light";
  var language = stored("hutong.language");
  var english = language === "en" || (language !== "zh" && !/^zh/i.test(navigator.language || ""));
  root.lang = english ? "en" : "zh-CN";
  var texts = document.currentScript && document.currentScript.dataset[english ? "en" : "zh"];
  if (texts) {
    var link = document.createElement("link");
    link.rel = "modulepreload";
    link.href = texts;
    document.head.append(link);
  }
})();
