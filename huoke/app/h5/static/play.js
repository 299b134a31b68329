(function () {
  'use strict';
  var doc = document, form = doc.getElementById('draw'), scrim = doc.getElementById('scrim');
  if (!form) return;
  var sheet = scrim.querySelector('.sheet'), kind = form.dataset.kind, order = form.dataset.order.split(',').map(Number);
  var calm = matchMedia('(prefers-reduced-motion: reduce)').matches, number = form.request_no, busy = false, turned = 0, last = null;
  var part = function (id) { return doc.getElementById(id); };

  function fresh() {
    var bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.prototype.map.call(bytes, function (one) { return ('0' + one.toString(16)).slice(-2); }).join('');
  }
  function wait(ms) { return new Promise(function (go) { setTimeout(go, calm ? Math.min(ms, 200) : ms); }); }
  function away(is) { var box = part('offline'); if (box) box.hidden = !is; }

  // Which field of the board shows a line: the first one, so that the same prize always stops at the same place.
  function field(line) { var at = order.indexOf(line); return at < 0 ? 0 : at; }

  var boards = {
    wheel: function (line) {
      var disc = part('disc'), step = 360 / order.length;
      turned += 1800 - turned % 360 + (360 - field(line) * step) % 360;
      disc.classList.toggle('spin', !calm);
      disc.style.transform = 'rotate(' + turned + 'deg)';
      return wait(4300);
    },
    grid: function (line) {
      var cells = Array.prototype.slice.call(form.querySelectorAll('[data-field]')), ring = [0, 1, 2, 4, 7, 6, 5, 3].filter(function (n) { return n < cells.length; });
      var stop = ring.indexOf(Math.min(field(line), cells.length - 1)), steps = calm ? 0 : ring.length * 3 + stop, at = 0;
      cells.forEach(function (cell) { cell.classList.remove('lit'); });
      return new Promise(function (done) {
        (function go() {
          var now = calm ? stop : at % ring.length;
          cells.forEach(function (cell, n) { cell.classList.toggle('lit', n === ring[now]); });
          if (at++ >= steps) return wait(300).then(done);
          setTimeout(go, 50 + 160 * Math.pow(at / steps, 3));
        }());
      });
    },
    scratch: function () { form.querySelector('.cover').classList.add('off'); return wait(700); },
    pick: function () { if (last) last.classList.add('hit'); return wait(500); }
  };

  function show(found) {
    part('left-chances') && (part('left-chances').textContent = found.chances);
    sheet.classList.toggle('lost', !found.won);
    part('won-head').textContent = found.won ? part('won-head').dataset.won : '';
    part('won-title').textContent = found.title;
    part('won-text').textContent = found.text;
    part('won-use').href = found.use_path || '#';
    part('won-use').textContent = found.use;
    var again = part('won-again');
    again.hidden = !found.again;
    again.textContent = found.again;
    again.className = found.won ? 'button ghost' : 'button';
    var link = part('won-number');
    link.textContent = link.dataset.says.replace('#', found.number);
    link.href = form.dataset.path + '/d/' + found.number;
    scrim.hidden = false;
    sheet.focus();
  }

  function close() {
    scrim.hidden = true;
    form.querySelectorAll('.hit').forEach(function (one) { one.classList.remove('hit'); });
    var cover = form.querySelector('.cover');
    if (cover) cover.classList.remove('off');
    (last || form.querySelector('button')).focus();
    if (part('won-again').hidden) location.reload();
  }

  // One tap, one number: whatever the network does, the same number gives the same draw.
  function ask() {
    return fetch(form.action, {
      method: 'POST', credentials: 'same-origin', headers: { Accept: 'application/json' },
      body: new URLSearchParams(new FormData(form))
    }).then(function (answer) {
      if (answer.status === 409) { location.reload(); return new Promise(function () {}); }
      if (!answer.ok) { if (answer.status < 500) { location.reload(); return new Promise(function () {}); } throw new Error('later'); }
      return answer.json();
    });
  }

  form.addEventListener('submit', function (event) {
    event.preventDefault();
    if (busy) return;
    busy = true;
    last = event.submitter || last;
    form.setAttribute('aria-busy', 'true');
    ask().then(function (found) {
      number.value = fresh();
      away(false);
      return (boards[kind] || boards.pick)(found.line).then(function () { show(found); });
    }).catch(function () { away(true); }).then(function () { busy = false; form.removeAttribute('aria-busy'); });
  });

  part('won-again').addEventListener('click', function () {
    close();
    form.requestSubmit ? form.requestSubmit(last) : form.querySelector('button').click();
  });
  part('won-back').addEventListener('click', close);
  scrim.addEventListener('click', function (event) { if (event.target === scrim) close(); });
  doc.addEventListener('keydown', function (event) {
    if (scrim.hidden) return;
    if (event.key === 'Escape') return close();
    if (event.key !== 'Tab') return;
    var stops = Array.prototype.filter.call(sheet.querySelectorAll('a,button'), function (one) { return one.offsetParent; });
    var edge = event.shiftKey ? stops[0] : stops[stops.length - 1];
    if (doc.activeElement === edge || (event.shiftKey && doc.activeElement === sheet)) {
      event.preventDefault();
      stops[event.shiftKey ? stops.length - 1 : 0].focus();
    }
  });
}());
