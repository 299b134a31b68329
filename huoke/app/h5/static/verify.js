(function () {
  'use strict';
  // SHA-256 and HMAC by hand (FIPS 180-4, RFC 2104): a page without TLS has no crypto.subtle, and proof must not need it.
  var K = [], n = 2;
  function root(x, power) { var r = Math.pow(x, power); return ((r - Math.floor(r)) * 4294967296) | 0; }
  var H0 = [];
  while (K.length < 64) {
    var prime = true;
    for (var d = 2; d * d <= n; d++) if (n % d === 0) prime = false;
    if (prime) { if (H0.length < 8) H0.push(root(n, 1 / 2)); K.push(root(n, 1 / 3)); }
    n++;
  }
  function sha256(bytes) {
    var size = ((bytes.length + 72) >> 6) << 6, data = new Uint8Array(size), view = new DataView(data.buffer), h = H0.slice(), w = new Int32Array(64);
    data.set(bytes);
    data[bytes.length] = 128;
    view.setUint32(size - 8, Math.floor(bytes.length / 536870912));
    view.setUint32(size - 4, bytes.length << 3);
    for (var at = 0; at < size; at += 64) {
      var v = h.slice(), i;
      for (i = 0; i < 64; i++) {
        if (i < 16) w[i] = view.getInt32(at + 4 * i);
        else {
          var x = w[i - 15], y = w[i - 2];
          w[i] = (w[i - 16] + w[i - 7] + ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3) + ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10)) | 0;
        }
        var a = v[0], e = v[4];
        var t = (v[7] + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) + (e & v[5] ^ ~e & v[6]) + K[i] + w[i]) | 0;
        var u = (((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) + (a & v[1] ^ a & v[2] ^ v[1] & v[2])) | 0;
        v = [(t + u) | 0, a, v[1], v[2], (v[3] + t) | 0, e, v[5], v[6]];
      }
      for (i = 0; i < 8; i++) h[i] = (h[i] + v[i]) | 0;
    }
    var out = new Uint8Array(32), told = new DataView(out.buffer);
    h.forEach(function (one, place) { told.setInt32(4 * place, one); });
    return out;
  }
  function join(a, b) { var c = new Uint8Array(a.length + b.length); c.set(a); c.set(b, a.length); return c; }
  function hmac(key, bytes) {
    var inner = new Uint8Array(64).fill(54), outer = new Uint8Array(64).fill(92);
    key.forEach(function (one, i) { inner[i] ^= one; outer[i] ^= one; });
    return sha256(join(outer, sha256(join(inner, bytes))));
  }
  function hex(bytes) { return Array.prototype.map.call(bytes, function (one) { return ('0' + one.toString(16)).slice(-2); }).join(''); }
  function unhex(text) { return new Uint8Array((text.match(/../g) || []).map(function (one) { return parseInt(one, 16); })); }
  function utf8(text) { return new TextEncoder().encode(text); }

  // The same walk as huoke/reward/plays/replay.py: outcome, line, guarantee, limits of day and person, fallbacks.
  // What does not agree comes back by name: commitment, table and its version, draw and its number, count.
  // Seed and tables are held against what this page shows, published before the first draw, not against the archive's own word.
  function replay(archive, promised) {
    var seed = unhex(archive.seed), wrong = [], tables = {}, past = {}, today = {}, mine = {}, day = '', version = 0;
    if (hex(sha256(seed)) !== promised.commitment || archive.commitment !== promised.commitment) wrong.push(['commitment', '']);
    archive.tables.forEach(function (one) { tables[one.version] = one; });
    Object.keys(promised.tables).forEach(function (version) {
      var one = tables[version], hash = promised.tables[version];
      if (!one || one.hash !== hash || hex(sha256(utf8(one.text))) !== hash) wrong.push(['table', version]);
    });
    archive.tables.forEach(function (one) {
      if (!promised.tables[one.version]) wrong.push(['table', one.version]);
      tables[one.version] = JSON.parse(one.text);
    });
    function agrees(draw, place) {
      var table = tables[draw[1]], steps = draw[5], mark = draw[7], at = new Date(Date.parse(draw[8]) + 288e5).toISOString().slice(0, 10);
      if (!table || draw[1] < version || draw[0] !== place + 1) return false;
      version = draw[1];
      if (at !== day) { day = at; today = {}; mine = {}; }
      var mac = new DataView(hmac(seed, utf8(archive.play + ':' + draw[0])).buffer);
      var outcome = Number((BigInt(mac.getUint32(0)) << 32n | BigInt(mac.getUint32(4))) * 1000000n >> 64n);
      var wins = function (line) { return table.prizes[line].offer_id !== null; };
      var sum = 0, line = table.prizes.findIndex(function (one) { sum += one.odds_ppm; return outcome < sum; });
      var own = past[mark] = past[mark] || { dry: 0, won: {} };
      mine[mark] = (mine[mark] || 0) + 1;
      if (!wins(line) && table.guarantee_line !== null && table.guarantee_after > 0 && own.dry + 1 >= table.guarantee_after) line = table.guarantee_line;
      var picked = line, walked = [];
      while (wins(line)) {
        var prize = table.prizes[line], why = '';
        var step = steps.filter(function (one) { return one[0] === line; })[0];
        if (prize.per_day && (today[line] || 0) >= prize.per_day) why = 'day_limit';
        else if (prize.per_person && (own.won[line] || 0) >= prize.per_person) why = 'person_limit';
        else if (!step || step[1] === 'day_limit' || step[1] === 'person_limit') why = draw[6] > 0 ? '' : 'sold_out';
        else if (step[1] !== 'sold_out' || step[2] === 0) why = step[1];
        if (!why) break;
        walked.push(line + why);
        line = prize.fallback;
      }
      if (wins(line)) { own.dry = 0; own.won[line] = (own.won[line] || 0) + 1; today[line] = (today[line] || 0) + 1; } else own.dry++;
      var told = steps.map(function (one) { return one[0] + one[1]; }).join();
      if (table.draws_a_day && mine[mark] > table.draws_a_day) return false;
      return outcome === draw[2] && picked === draw[3] && line === draw[4] && told === walked.join();
    }
    archive.draws.forEach(function (draw, place) {
      var right = false;
      try { right = agrees(draw, place); } catch (error) { right = false; }
      if (!right) wrong.push(['draw', place + 1]);
    });
    if (archive.draws.length !== archive.count) wrong.push(['count', archive.draws.length]);
    return wrong;
  }

  var button = document.getElementById('replay'), box = document.getElementById('replayed');
  if (!button) return;
  function named(one) { return button.dataset[one[0]].replace('#', one[1]); }
  function shown() {
    var tables = {};
    document.querySelectorAll('dd[data-table]').forEach(function (one) { tables[one.dataset.table] = one.textContent.trim(); });
    return { commitment: document.getElementById('commitment').textContent.trim(), tables: tables };
  }
  function told(archive) {
    var wrong = replay(archive, shown()), first = wrong.slice(0, 5).map(named).join(button.dataset.and);
    box.textContent = (wrong.length ? button.dataset.wrong : button.dataset.right)
      .replace('#', wrong.length || archive.draws.length).replace('@', first + (wrong.length > 5 ? ' …' : ''));
    box.classList.toggle('bad', wrong.length > 0);
    box.hidden = false;
  }
  button.addEventListener('click', function () {
    var says = button.textContent;
    button.disabled = true;
    button.textContent = button.dataset.busy;
    fetch(button.dataset.archive).then(function (answer) { return answer.json(); }).then(told).catch(function () {
      var away = document.getElementById('offline'); if (away) away.hidden = false;
    }).then(function () {
      button.disabled = false;
      button.textContent = says;
    });
  });
}());
