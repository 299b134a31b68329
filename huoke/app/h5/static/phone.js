(function () {
  'use strict';
  var doc = document, body = doc.body, SETTLE_MS = 500;
  var offline = doc.getElementById('offline');

  function tell(away) { if (offline) offline.hidden = !away; }
  addEventListener('online', function () { tell(false); });
  addEventListener('offline', function () { tell(true); });
  if (offline) offline.querySelector('button').addEventListener('click', function () { location.reload(); });

  // Whether the page before was left by a tap that is still fresh; private windows may keep nothing, and then it is not.
  function tappedJustNow() {
    try {
      var now = Date.now(), before = Number(sessionStorage.getItem('tapped'));
      sessionStorage.setItem('tapped', now);
      return now >= before && now - before < SETTLE_MS;
    } catch (error) { return false; }
  }

  // One tap, one request: the server knows the request number anyway, this only keeps the second tap from waiting.
  doc.querySelectorAll('form[data-once]').forEach(function (form) {
    form.addEventListener('submit', function (event) {
      if (navigator.onLine === false) { event.preventDefault(); tell(true); return; }
      if (form.dataset.sent) { event.preventDefault(); return; }
      // In a list that moves up the second tap of a double tap would meet the next one's button.
      if ('settles' in form.dataset && tappedJustNow()) { event.preventDefault(); return; }
      form.dataset.sent = '1';
      var button = form.querySelector('button') || doc.querySelector('button[form="' + form.id + '"]');
      if (button && button.dataset.busy) (button.querySelector('span') || button).textContent = button.dataset.busy;
    });
  });
  // A page that comes back from the history must not stay on "claiming".
  addEventListener('pageshow', function (event) { if (event.persisted) location.reload(); });

  var code = doc.getElementById('code');
  if (!code) return;

  var ring = code.querySelector('.ring'), arc = code.querySelector('.left'), left = doc.getElementById('left');
  var picture = code.querySelector('.qr'), digits = doc.getElementById('digits'), renew = doc.getElementById('renew');
  var live = Number(code.dataset.live), shown = performance.now(), asking = false, tries = 0;

  // The server said how long the code lives; the phone only measures what has passed, so its own clock is no matter.
  function seconds() { return Math.max(0, live - (performance.now() - shown) / 1000); }

  function draw() {
    var rest = seconds();
    left.textContent = Math.ceil(rest);
    arc.setAttribute('stroke-dashoffset', String(60 - Math.min(60, rest)));
    ring.classList.toggle('late', rest <= 10);
    if (rest <= 0 && !asking) next();
  }

  function post(path) {
    return fetch(code.dataset.path + path, {
      method: 'POST', credentials: 'same-origin', headers: { 'X-CSRF-Token': code.dataset.csrf }
    }).then(function (answer) {
      if (answer.status === 429) throw new Error('wait');
      if (!answer.ok) { location.reload(); throw new Error('gone'); }
      return answer.json();
    });
  }

  function next() {
    asking = true;
    picture.setAttribute('aria-busy', 'true');
    post('/code').then(function (made) {
      picture.innerHTML = made.svg;
      digits.textContent = made.digits;
      live = made.live_seconds;
      shown = performance.now();
      tries = 0;
      asking = false;
      tell(false);
      picture.removeAttribute('aria-busy');
    }).catch(function () {
      tries += 1;
      tell(true);
      setTimeout(function () { asking = false; }, Math.min(15000, 1000 * tries));
    });
  }

  function look() {
    if (doc.hidden || navigator.onLine === false) return;
    fetch(code.dataset.path + '/state', { credentials: 'same-origin' }).then(function (answer) {
      return answer.ok ? answer.json() : null;
    }).then(function (found) { if (found && found.state !== 'fulfilled') location.reload(); }, function () {});
  }

  renew.hidden = false;
  renew.addEventListener('click', function () { if (!asking) next(); });
  doc.addEventListener('visibilitychange', function () { if (!doc.hidden) { draw(); look(); } });
  setInterval(draw, 400);
  setInterval(look, 3000);
  draw();
}());
