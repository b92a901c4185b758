'use strict';
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const {nodes, edges} = data;
  const id = name => document.getElementById(name);
  const svg = document.querySelector('svg.tape'), graph = id('graph'), list = id('list');
  const still = matchMedia('(prefers-reduced-motion: reduce)');
  const SVG = 'http://www.w3.org/2000/svg';
  const natural = {width: svg.viewBox.baseVal.width, height: svg.viewBox.baseVal.height};

  // ---- what there is to show: the forward lines, the seed, then a step for each share of an order

  const forward = nodes.map((n, i) => ({node: i, line: n.line})).filter(s => s.line);
  const made = new Map(forward.map((s, at) => [s.node, at]));
  nodes.forEach((n, i) => { // a number is there when it is used
    if (!n.line) made.set(i, made.get(edges.find(e => e.from === i).to));
  });
  const uses = nodes.map((_, i) => edges.map((e, k) => ({...e, k})).filter(e => e.from === i && e.rule));
  let order = 'right', steps = [], last = [], at = forward.length, selected = null, timer = 0;

  function load(name) {
    order = name;
    const shares = data.orders[order].steps.map(([edge, cotangent, total, early, line]) =>
      ({edge, cotangent, total, early, line, node: edges[edge].from}));
    steps = [...forward, {node: data.loss, line: data.seed, cotangent: '1', total: '1'}, ...shares];
    last = nodes.map(() => -1);
    steps.forEach((s, k) => { if (s.total) last[s.node] = k; });
    id('seek').max = steps.length;
    fill(id('backward'), steps.slice(forward.length), forward.length);
    explain();
  }

  function element(tag, text, className) {
    const e = document.createElement(tag);
    if (text) e.textContent = text;
    if (className) e.className = className;
    return e;
  }

  function fill(ol, lines, offset) {
    ol.replaceChildren(...lines.map((step, k) => {
      const button = element('button', step.line), item = element('li');
      button.tabIndex = -1;
      button.dataset.step = offset + k;
      if (step.early) {
        button.classList.add('early');
        button.title = 'too early: more is still to arrive at ' + nodes[edges[step.edge].to].g;
      }
      item.append(button);
      return item;
    }));
  }

  function explain() {
    const {wrong, steps: shares} = data.orders[order], right = data.orders.right.steps.length;
    const reached = nodes.filter(n => n.gradient !== null).length, bad = Object.keys(wrong).length;
    const why = id('why'), verdict = element(bad ? 'strong' : 'b');
    if (order === 'right') {
      why.textContent = 'Each line is played after every line that uses its result, so a gradient is complete before '
        + 'it is passed on. The tape was written in an order that allows this (a topological order); nothing is sorted.';
      return;
    }
    verdict.textContent = bad ? `${bad} of ${reached} gradients are wrong.` : 'In this graph no gradient comes out wrong.';
    if (order === 'naive') {
      why.textContent = 'Every node passes on what it has as soon as something arrives. Where two ways part and meet '
        + 'again (a diamond), it passes on a part too early, and that part again with the rest. ';
      verdict.textContent += data.naiveEnds
        ? (shares.length > right ? ` It takes ${shares.length} steps instead of ${right}.` : '')
        : ` It would take ${data.naiveSteps} steps instead of ${right}; the first ${shares.length} are shown.`;
    } else {
      why.textContent = 'backward() a second time, with the gradients in between not cleared: what arrived the first '
        + 'time flows on once more. Leaves should have twice their gradient. This tape begins each playback afresh. ';
    }
    why.append(verdict);
  }

  // ---- the state after some steps

  function stateAfter(count) {
    const total = nodes.map(() => null), arrived = nodes.map(() => 0), given = new Map();
    if (order === 'again' && count > forward.length)
      nodes.forEach((n, i) => { if (n.gradient !== null) total[i] = firstTotal[i]; });
    for (let k = forward.length; k < count; k++) {
      const s = steps[k];
      total[s.node] = s.total;
      if (s.edge === undefined) continue;
      arrived[s.node]++;
      given.set(s.edge, [...(given.get(s.edge) ?? []), s.cotangent]);
    }
    return {total, arrived, given};
  }

  const firstTotal = nodes.map(() => null);
  firstTotal[data.loss] = '1';
  for (const [edge, , total] of data.orders.right.steps) firstTotal[edges[edge].from] = total;

  // ---- the graph

  const boxes = nodes.map((n, i) => {
    const g = id('n' + i), [name, value, grad] = g.querySelectorAll('text'), rect = g.querySelector('rect');
    const r = {x: +rect.getAttribute('x'), y: +rect.getAttribute('y'),
      width: +rect.getAttribute('width'), height: +rect.getAttribute('height')};
    return {g, value, grad, r, text: value?.textContent, dead: g.classList.contains('dead')};
  });
  const paths = edges.map((_, k) => id('e' + k));
  const overlay = document.createElementNS(SVG, 'g');
  overlay.setAttribute('aria-hidden', 'true');
  svg.append(overlay);

  function draw(tag, attributes, text, parent = overlay) {
    const e = document.createElementNS(SVG, tag);
    for (const [k, v] of Object.entries(attributes)) e.setAttribute(k, v);
    if (text !== undefined) e.textContent = text;
    parent.append(e);
    return e;
  }

  function pill(x, y, text) {
    const width = text.length * 6.6 + 10, left = Math.min(Math.max(1, x - width / 2), natural.width - width - 1);
    const g = draw('g', {class: 'pill'});
    draw('rect', {x: left, y: y - 8, width, height: 16, rx: 8}, undefined, g);
    draw('text', {x: left + width / 2, y: y + 3.7}, text, g);
  }

  function set(e, text) {
    if (e && e.textContent !== text) e.textContent = text;
  }

  /** As long as the box allows: squeezed a little, cut beyond that. */
  function fitText(box, text) {
    const room = box.r.width - 8, most = Math.floor(room / 6.2);
    const shown = text.length <= most ? text : text.slice(0, most - 2) + '..';
    set(box.grad, shown);
    if (shown.length * 7.3 > room) {
      box.grad.setAttribute('textLength', room);
      box.grad.setAttribute('lengthAdjust', 'spacingAndGlyphs');
    } else box.grad.removeAttribute('textLength');
  }

  function showGraph(state, step, shown) {
    const {wrong} = data.orders[order];
    overlay.replaceChildren();
    boxes.forEach((box, i) => {
      const ready = made.get(i) < at, bad = String(i) in wrong && at > last[i] && at > forward.length;
      const cl = box.g.classList;
      cl.toggle('todo', !ready);
      cl.toggle('selected', i === shown);
      cl.toggle('gives', step?.edge !== undefined && edges[step.edge].to === i);
      cl.toggle('wrong', bad);
      if (nodes[i].line) set(box.value, ready ? box.text : '');
      if (!box.grad || !nodes[i].line) return;
      fitText(box, box.dead ? (at === steps.length ? 'not reached' : '')
        : state.total[i] === null ? '' : 'grad ' + state.total[i]);
      const {x, y, width, height} = box.r;
      if (bad) draw('text', {class: 'remark', x: x + width / 2, y: y + height + 13}, 'right: ' + wrong[i]);
      if (uses[i].length > 1 && at > forward.length && at < steps.length && order !== 'naive')
        pill(x + width - 12, y, `${state.arrived[i]}/${uses[i].length}`);
    });
    paths.forEach((path, k) => {
      path.classList.toggle('todo', made.get(edges[k].to) >= at);
      path.classList.toggle('flow', step?.edge === k);
    });
    if (step?.edge !== undefined) {
      const path = paths[step.edge], length = path.getTotalLength();
      const p = path.getPointAtLength(Math.min(length / 2, 30));
      pill(p.x, p.y, (step.early ? 'early: +' : '+ ') + step.cotangent);
    }
  }

  let running = 0;
  function animate(step) {
    cancelAnimationFrame(running);
    if (step?.edge === undefined || still.matches) return;
    const path = paths[step.edge], length = path.getTotalLength(), began = performance.now();
    const duration = Math.min(600, id('speed').value * 0.6), drop = draw('circle', {class: 'drop', r: 5});
    const frame = now => {
      const part = Math.min(1, (now - began) / duration), p = path.getPointAtLength(length * (1 - part));
      drop.setAttribute('cx', p.x);
      drop.setAttribute('cy', p.y);
      if (part < 1 && drop.isConnected) running = requestAnimationFrame(frame);
      else drop.remove();
    };
    running = requestAnimationFrame(frame);
  }

  // ---- the details

  function row(dl, name, ...content) {
    const dd = element('dd');
    dd.append(...content);
    dl.append(element('dt', name), dd);
  }

  function items(lines) {
    const ul = element('ul');
    lines.forEach(([text, className]) => ul.append(element('li', text, className)));
    return ul;
  }

  function showDetails(state, i) {
    const n = nodes[i], dl = element('dl'), out = edges.filter(e => e.to === i), ready = made.get(i) < at;
    const done = at === steps.length, {wrong} = data.orders[order];
    id('what').textContent = n.kind === 'operation' ? `${n.name} = ${n.formula}` : `${n.name}, ${n.kind}`;
    row(dl, 'shape', n.type);
    row(dl, 'value', ready ? element('pre', n.value) : element('span', 'not computed yet', 'waiting'));
    if (n.kind !== 'constant') {
      const bad = String(i) in wrong && at > last[i] && at > forward.length;
      const full = order === 'right' && at > last[i] && n.gradient !== null ? n.gradient : state.total[i];
      row(dl, 'gradient', full !== null ? element('pre', full, bad ? 'bad' : 'gradient')
        : element('span', n.gradient === null ? 'none: the loss does not depend on it' : 'nothing yet', 'waiting'));
      if (bad) row(dl, 'right', element('span', wrong[i], 'gradient'));
      if (uses[i].length) row(dl, uses[i].length > 1 ? `sum of ${uses[i].length}` : 'comes from',
        items(uses[i].map(e => {
          const got = state.given.get(e.k);
          return [e.rule + (got ? ' = ' + got.join(', then ') : ''), got ? '' : 'waiting'];
        })));
    }
    if (out.some(e => e.rule || e.derivative !== null)) {
      const seen = new Set();
      row(dl, 'local derivative', items(out.filter(e => e.rule || e.derivative !== null).map(e => {
        const by = `d ${n.name} / d ${nodes[e.from].name}` + (seen.has(e.from) ? ' (again)' : '');
        seen.add(e.from);
        return [e.derivative !== null ? `${by} = ${e.derivative}` : `${nodes[e.from].g} += ${e.rule}`];
      })));
    }
    if (n.source) row(dl, 'source', n.source);
    else if (n.kind === 'operation')
      row(dl, 'source', element('span', 'open the tape with new GradientTape(new SourceLines())', 'waiting'));
    id('details').replaceChildren(dl);
  }

  // ---- the list, and everything together

  function showList() {
    let current = null;
    for (const button of list.querySelectorAll('ol button')) {
      const k = +button.dataset.step, now = k === at - 1;
      if (button.classList.contains('todo') !== k >= at) button.classList.toggle('todo', k >= at);
      if (now) {
        button.setAttribute('aria-current', 'step');
        current = button;
      } else if (button.hasAttribute('aria-current')) button.removeAttribute('aria-current');
      button.tabIndex = now || at === 0 && k === 0 ? 0 : -1;
    }
    if (current && list.scrollHeight > list.clientHeight) {
      const box = list.getBoundingClientRect(), b = current.getBoundingClientRect();
      if (b.top < box.top + 30 || b.bottom > box.bottom - 30) list.scrollTop += b.top - box.top - box.height / 2;
    }
    return current;
  }

  function say(step) {
    const count = steps.length - forward.length;
    const text = !step ? 'Nothing is computed yet.'
      : at <= forward.length ? `Forward ${at} of ${forward.length}: ${step.line}`
      : `Backward ${at - forward.length} of ${count}: ${step.line}`
        + (step.early ? ` (too early: more is to arrive at ${nodes[edges[step.edge].to].g})` : '');
    id('status').textContent = text;
    id('seek').value = at;
    id('seek').setAttribute('aria-valuetext', text);
    id('back').disabled = id('start').disabled = at === 0;
    id('step').disabled = id('end').disabled = at === steps.length;
  }

  function reveal(i) {
    const r = boxes[i].r, z = zoom, margin = 60, view = {x: graph.scrollLeft, y: graph.scrollTop};
    const inset = Math.max(0, (graph.clientWidth - natural.width * z) / 2);
    const left = r.x * z + inset - margin, right = (r.x + r.width) * z + inset + margin;
    const top = r.y * z - margin, bottom = (r.y + r.height) * z + margin;
    if (left < view.x || right > view.x + graph.clientWidth) view.x = (left + right - graph.clientWidth) / 2;
    if (top < view.y || bottom > view.y + graph.clientHeight) view.y = (top + bottom - graph.clientHeight) / 2;
    graph.scrollTo({left: view.x, top: view.y, behavior: 'instant'});
  }

  function show() {
    const step = steps[at - 1], state = stateAfter(at), i = selected ?? step?.node ?? forward[0].node;
    showGraph(state, step, i);
    showDetails(state, i);
    say(step);
    reveal(i);
    return showList();
  }

  function go(to, focus) {
    const next = Math.max(0, Math.min(steps.length, to)), one = next === at + 1;
    at = next;
    selected = null;
    const current = show();
    if (one) animate(steps[at - 1]);
    if (focus) current?.focus({preventScroll: true});
    if (at === steps.length) play(false);
  }

  function play(on) {
    clearInterval(timer);
    timer = 0;
    if (on && at === steps.length) go(forward.length);
    if (on) timer = setInterval(() => go(at + 1), +id('speed').value);
    id('play').textContent = on ? 'Pause' : 'Play';
    id('play').setAttribute('aria-pressed', on);
    id('status').setAttribute('aria-live', on ? 'off' : 'polite');
  }

  let zoom = 1;
  function zoomTo(z) {
    zoom = Math.max(0.1, Math.min(3, z));
    svg.setAttribute('width', natural.width * zoom);
    svg.setAttribute('height', natural.height * zoom);
    reveal(selected ?? steps[at - 1]?.node ?? forward[0].node);
  }
  const fitWidth = () => (graph.clientWidth - 4) / natural.width;

  // ---- what the user does

  const actions = {
    start: () => go(0), back: () => go(at - 1), step: () => go(at + 1), end: () => go(steps.length),
    play: () => play(!timer), smaller: () => zoomTo(zoom / 1.25), larger: () => zoomTo(zoom * 1.25),
    fit: () => zoomTo(Math.min(1.2, fitWidth(), (graph.clientHeight - 4) / natural.height)),
  };
  for (const [name, action] of Object.entries(actions))
    id(name).addEventListener('click', () => {
      if (name !== 'play' && !['smaller', 'larger', 'fit'].includes(name)) play(false);
      action();
    });
  const keys = {ArrowLeft: 'back', ArrowRight: 'step', Home: 'start', End: 'end', ' ': 'play', '+': 'larger',
    '=': 'larger', '-': 'smaller', 0: 'fit'};
  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || /INPUT|SELECT/.test(event.target.tagName)) return;
    const inList = event.target.closest('ol');
    const name = inList && event.key === 'ArrowUp' ? 'back' : inList && event.key === 'ArrowDown' ? 'step'
      : keys[event.key];
    if (!name || event.key === ' ' && event.target.tagName === 'BUTTON') return;
    event.preventDefault();
    if (!['play', 'larger', 'smaller', 'fit'].includes(name)) play(false);
    actions[name]();
    if (inList) list.querySelector('[aria-current]')?.focus({preventScroll: true});
  });
  id('seek').addEventListener('input', event => { play(false); go(+event.target.value); });
  id('speed').addEventListener('change', () => { if (timer) play(true); });
  list.addEventListener('click', event => {
    const button = event.target.closest('button');
    if (button) { play(false); go(+button.dataset.step + 1, true); }
  });
  boxes.forEach((box, i) => box.g.addEventListener('click', () => { play(false); selected = i; show(); }));
  document.querySelectorAll('[name=order]').forEach(radio => radio.addEventListener('change', () => {
    play(false);
    load(radio.value);
    go(radio.value === 'right' ? forward.length : steps.length);
  }));

  fill(id('forward'), forward, 0);
  id('direction').textContent = 'Backward from ' + nodes[data.loss].name;
  load(document.querySelector('[name=order]:checked').value);
  zoomTo(Math.min(1, Math.max(0.85, fitWidth())));
  show();
})();
