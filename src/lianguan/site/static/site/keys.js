// Single keys for the buttons that name one (data-key). Without this they are pressed as always, and
// by their access keys.
(function () {
  "use strict";
  var pressed = false;

  function isWritten(element) {
    return /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName) || element.isContentEditable;
  }

  document.addEventListener("keydown", function (event) {
    var isOther = event.ctrlKey || event.altKey || event.metaKey || event.isComposing;
    if (pressed || event.repeat || isOther || isWritten(event.target)) {
      return;
    }
    var buttons = document.querySelectorAll("[data-key]");
    for (var i = 0; i < buttons.length; i += 1) {
      if (buttons[i].getAttribute("data-key") === event.key.toLowerCase()) {
        event.preventDefault();
        pressed = true;
        buttons[i].click();
        return;
      }
    }
  });

  // A page that comes back out of the browser's memory is looked at anew.
  window.addEventListener("pageshow", function () {
    pressed = false;
  });
})();
