// What a page must do and be, whatever it shows. Leaves "passed", or what is wrong, in the document.
'use strict';
(() => {
  const wrong = [];
  const expect = (holds, what) => { if (!holds) wrong.push(what); };
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  window.alert = text => wrong.push(`a name ran as a script: ${text}`);

  function drawn() {
    const plots = all('.plot');
    expect(plots.length > 0, 'no chart');
    for (const plot of plots) {
      expect(plot.querySelector('svg, canvas'), `${plot.id} is not drawn`);
      expect(plot.getBoundingClientRect().height > 100, `${plot.id} is flat`);
    }
    expect(performance.getEntriesByType('resource').length === 0, 'something was loaded');
    expect(document.documentElement.scrollWidth <= innerWidth, 'the page is wider than its window');
  }

  const layers = () => document.querySelector('#layers .table');
  const column = title => all('thead th', layers()).findIndex(cell => cell.textContent === title);
  const cells = title => all('tbody tr', layers()).map(row => row.children[column(title)].textContent);
  const numbers = title => cells(title).map(text => Number(text.replaceAll('\u202f', '')));
  const sorted = (values, sign) => values.every((value, i) => i === 0 || sign * (value - values[i - 1]) >= 0);

  function sorts() {
    const heading = all('thead th', layers())[column('cycles')];
    heading.querySelector('button').click();
    expect(heading.getAttribute('aria-sort') === 'descending' && sorted(numbers('cycles'), -1), 'not the largest first');
    heading.querySelector('button').click();
    expect(heading.getAttribute('aria-sort') === 'ascending' && sorted(numbers('cycles'), 1), 'not the smallest first');
    all('thead th', layers())[column('#')].querySelector('button').click();
    all('thead th', layers())[column('#')].querySelector('button').click();
    expect(numbers('#')[0] === 0 && sorted(numbers('#'), 1), 'not in the order of the network');
  }

  function filters() {
    const field = layers().querySelector('input[type=search]');
    const type = text => {
      field.value = text;
      field.dispatchEvent(new Event('input'));
    };
    const name = cells('layer').at(-1);
    type(name.toUpperCase());
    expect(cells('layer').length > 0 && cells('layer').every(text => text.includes(name)), 'the filter shows other rows');
    type('no layer is called so');
    expect(cells('layer').length === 0, 'the filter shows rows without the text');
    type('');
    expect(cells('layer').length > 0, 'an empty filter hides rows');
  }

  function pages() {
    const next = all('button', layers()).find(button => button.textContent === 'Next rows');
    if (next.hidden) return;
    expect(cells('layer').length === 25, 'more than 25 rows');
    next.click();
    expect(numbers('#')[0] === 25, 'the next rows do not follow');
    const length = layers().querySelector('select');
    length.value = '1000';
    length.dispatchEvent(new Event('change'));
    expect(cells('layer').length > 100, 'not all rows');
  }

  async function switches() {
    const chart = document.querySelector('#ledger .plot');
    const before = chart.querySelector('svg').innerHTML;
    const choice = all('input[type=radio]', chart)[1];
    choice.click();
    await new Promise(done => setTimeout(done, 500));
    expect(chart.querySelector('svg').innerHTML !== before, 'the choice of shares changes nothing');
  }

  const drawing = () => document.querySelector('#rows-0 .plot :is(svg, canvas)');
  const picture = () => drawing() instanceof SVGElement ? drawing().innerHTML : drawing().toDataURL();
  async function choose(field, value) {
    const before = picture();
    field.value = value;
    field.dispatchEvent(new Event('change'));
    await new Promise(done => setTimeout(done, 500));
    expect(picture() !== before, `the choice of ${value} changes nothing`);
  }

  /** Each quantity and each parameter can be an axis. */
  async function chooses() {
    const field = document.querySelector('#rows-0 .plot select');
    await choose(field, 'area_um2');
    for (const option of all('option', field).map(one => one.value).filter(value => !value.includes('_')).slice(-2)) {
      if (option.includes('.') || option === 'clock') await choose(field, option);
    }
  }

  // Accessibility: what can be seen in the document. WCAG 2.1, level AA.

  function structure() {
    expect(document.documentElement.lang === 'en' && document.title !== '', 'no language or title');
    expect(all('h1').length === 1, 'not one h1');
    const levels = all('h1, h2, h3, h4').map(heading => Number(heading.tagName[1]));
    expect(levels.every((level, i) => i === 0 || level <= levels[i - 1] + 1), 'a level of headings is left out');
    expect(all('main').length === 1 && all('nav[aria-label]').length >= 1, 'no landmarks');
    const ids = all('[id]').filter(one => !one.closest('svg')).map(one => one.id);
    expect(new Set(ids).size === ids.length, 'an id is there twice');
    for (const link of all('a[href^="#"]')) {
      expect(document.getElementById(link.hash.slice(1)), `${link.hash} leads nowhere`);
    }
    for (const image of all('[role=img], img')) {
      expect(image.ariaLabel || image.alt, `${image.id} has no description`);
    }
    for (const field of all('input, select, textarea')) {
      expect(field.labels.length > 0 || field.ariaLabel, `a field without a label: ${field.outerHTML}`);
    }
    for (const button of all('button')) {
      expect(button.textContent.trim() || button.ariaLabel, 'a button without a name');
    }
    expect(all('th').every(cell => cell.scope), 'a heading cell without a scope');
    expect(all('[tabindex]').every(one => one.tabIndex <= 0), 'an order of its own for the keyboard');
  }

  function keyboard() {
    for (const one of all('a[href], button, input, select, summary')) {
      if (one.disabled || one.closest('[hidden]') || (one.closest('details:not([open])') && one.tagName !== 'SUMMARY')) continue;
      one.focus();
      expect(document.activeElement === one, `the keyboard does not reach ${one.outerHTML}`);
    }
  }

  const channels = colour => colour.match(/[\d.]+/g).map(Number);
  function luminance(colour) {
    const [r, g, b] = channels(colour).map(value => {
      const part = value / 255;
      return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }
  function background(one) {
    for (; one; one = one.parentElement) {
      const colour = getComputedStyle(one).backgroundColor;
      if (channels(colour)[3] !== 0) return colour;
    }
    return 'rgb(255, 255, 255)';
  }
  function contrast() {
    for (const one of all('body *')) {
      const text = [...one.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
      if (!text || one.closest('svg, script, style, noscript, [disabled]')) continue;
      const [light, dark] = [luminance(getComputedStyle(one).color), luminance(background(one))].sort((a, b) => b - a);
      expect((light + 0.05) / (dark + 0.05) >= 4.5, `too little contrast: ${one.outerHTML.slice(0, 80)}`);
    }
  }

  async function check() {
    while (!document.documentElement.dataset.drawn) await new Promise(done => setTimeout(done, 20));
    drawn();
    structure();
    if (layers()) {
      sorts();
      filters();
      pages();
      await switches();
    } else if (document.querySelector('#rows-0')) {
      await chooses();
    }
    keyboard();
    contrast();
  }
  check().catch(error => wrong.push(String(error.stack)))
      .finally(() => { document.documentElement.dataset.checks = wrong.length ? wrong.slice(0, 5).join(' | ') : 'passed'; });
})();
