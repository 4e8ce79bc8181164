// Fills the places that a page has for tables, charts and arrays from the JSON that it brings.
'use strict';
(() => {
  const content = JSON.parse(document.getElementById('page-content').textContent);
  const PAGE_LENGTHS = [25, 100, 1000];  // rows of a table at a time

  /** The data set's rows as objects; made when they are first needed. */
  const known = new Map();
  function rowsOf(name) {
    if (!known.has(name)) {
      const {columns, rows} = content.data[name];
      known.set(name, rows.map(row => Object.fromEntries(columns.map((key, i) => [key, row[i]]))));
    }
    return known.get(name);
  }

  // Numbers as people read them.

  const NARROW = '\u202f';
  function grouped(number) {
    return String(number).replace(/\B(?=(\d{3})+$)/g, NARROW);
  }
  function digits(value) {
    return value >= 99.95 ? value.toFixed(0) : value >= 9.995 ? value.toFixed(1) : value.toFixed(2);
  }
  function scaled(value, unit) {
    if (value === 0) return '0 ' + unit;
    const prefixes = ['p', 'n', 'u', 'm', '', 'k', 'M', 'G', 'T'];
    let number = value * 1e12;
    let prefix = 0;
    while (number >= 999.5 && prefix + 1 < prefixes.length) {
      number /= 1000;
      ++prefix;
    }
    return `${digits(number)} ${prefixes[prefix]}${unit}`;
  }
  function dataSize(bytes) {
    const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
    let unit = 0;
    for (; bytes >= 1024 && unit + 1 < units.length; ++unit) bytes /= 1024;
    return unit === 0 ? `${bytes} B` : `${bytes.toFixed(1)} ${units[unit]}`;
  }
  const WRITTEN = {
    text: value => value,
    count: grouped,
    share: value => (100 * value).toFixed(1) + ' %',
    number: value => value === 0 ? '0' : Number(value.toPrecision(3)).toString(),
    energy: value => scaled(value / 1e12, 'J'),
    power: value => scaled(value, 'W'),
    time: value => scaled(value, 's'),
    bytes: dataSize,
  };
  function written(kind, value) {
    return value === null || value === '' ? '–' : WRITTEN[kind](value);
  }

  /** By the numbers that both begin with, "0.25 us" before "0.5 us"; then as texts. */
  function compareTexts(a, b) {
    return parseFloat(a) - parseFloat(b) || String(a).localeCompare(String(b), 'en', {numeric: true});
  }

  function element(name, properties = {}, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }

  // Tables that sort, filter and show a part of their rows at a time.

  class Table {
    constructor(table) {
      this.table = table;
      this.all = rowsOf(table.data);
      this.texts = table.columns.filter(column => column.kind === 'text').map(column => column.key);
      this.shown = this.all;
      this.first = 0;
      this.most = PAGE_LENGTHS[0];
      this.sorted = null;
      this.body = element('tbody');
      this.headings = table.columns.map((column, i) => this.heading(column, i));
      const place = document.getElementById(table.place);
      place.append(this.tools(), element('div', {className: 'scroll'}, element('table', {},
          element('caption', {textContent: table.caption}),
          element('thead', {}, element('tr', {}, ...this.headings)), this.body)));
      this.show();
    }

    heading(column, index) {
      const button = element('button', {type: 'button', textContent: column.title});
      button.addEventListener('click', () => this.sort(index));
      const cell = element('th', {scope: 'col', className: column.kind === 'text' ? '' : 'number'}, button);
      cell.setAttribute('aria-sort', 'none');
      return cell;
    }

    tools() {
      this.count = element('span', {className: 'count', role: 'status'});
      this.back = element('button', {type: 'button', textContent: 'Previous rows'});
      this.next = element('button', {type: 'button', textContent: 'Next rows'});
      this.back.addEventListener('click', () => this.show(this.first - this.most));
      this.next.addEventListener('click', () => this.show(this.first + this.most));
      this.tool = element('div', {className: 'tools'});
      if (this.table.filter) {
        const field = element('input', {type: 'search', placeholder: 'part of a name, or a bound'});
        field.addEventListener('input', () => this.filter(field.value));
        this.tool.append(element('label', {}, 'Show rows with ', field));
      }
      this.tool.append(this.count, this.back, this.next);
      if (this.all.length > PAGE_LENGTHS[0]) this.tool.append(this.lengths());
      return this.tool;
    }

    lengths() {
      const select = element('select', {}, ...PAGE_LENGTHS.map(length => element('option', {textContent: length})));
      select.addEventListener('change', () => {
        this.most = Number(select.value);
        this.show(0);
      });
      return element('label', {}, 'Rows at a time ', select);
    }

    filter(text) {
      const wanted = text.trim().toLowerCase();
      this.shown = this.all.filter(row => this.texts.some(key => String(row[key]).toLowerCase().includes(wanted)));
      this.order();
      this.show(0);
    }

    /** Numbers begin with the largest, texts with the first; a second click turns that around. */
    sort(index) {
      const numbers = this.table.columns[index].kind !== 'text';
      const again = this.sorted && this.sorted.index === index;
      this.sorted = {index, down: again ? !this.sorted.down : numbers};
      this.headings.forEach((heading, i) => heading.setAttribute('aria-sort',
          i !== index ? 'none' : this.sorted.down ? 'descending' : 'ascending'));
      this.order();
      this.show(0);
    }

    order() {
      if (!this.sorted) return;
      const {key, kind} = this.table.columns[this.sorted.index];
      const compare = kind === 'text' ? compareTexts : (a, b) => a - b;
      const sign = this.sorted.down ? -1 : 1;
      this.shown = [...this.shown].sort((a, b) => sign * compare(a[key], b[key]));
    }

    show(first = 0, most = this.most) {
      this.first = Math.max(0, first);
      const rows = this.shown.slice(this.first, this.first + most);
      this.body.replaceChildren(...rows.map(row => this.row(row)));
      const paged = this.shown.length > most;
      this.back.hidden = this.next.hidden = !paged;
      this.back.disabled = this.first === 0;
      this.next.disabled = this.first + most >= this.shown.length;
      const range = paged ? `rows ${grouped(this.first + 1)} to ${grouped(this.first + rows.length)} of ` : '';
      this.count.textContent = range + grouped(this.shown.length) +
          (this.shown.length === this.all.length ? '' : ` (of ${grouped(this.all.length)})`) + (paged ? '' : ' rows');
      this.tool.hidden = !this.table.filter && this.all.length <= PAGE_LENGTHS[0];
    }

    row(row) {
      return element('tr', {}, ...this.table.columns.map(({key, kind}, i) => {
        const cell = element(i === 0 ? 'th' : 'td', {textContent: written(kind, row[key])});
        cell.className = kind === 'text' ? (cell.textContent.length > 40 ? 'text' : 'text short') : kind === 'share' ? 'number bar' : 'number';
        if (i === 0) cell.scope = 'row';
        if (kind === 'share') cell.style.setProperty('--share', `${Math.min(100, 100 * (row[key] ?? 0))}%`);
        return cell;
      }));
    }
  }

  // Charts, one after another so that the page can be read meanwhile.

  const LOOK = {
    font: 'system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif',
    view: {stroke: null},
    axis: {labelFontSize: 12, titleFontSize: 12, titleFontWeight: 500, labelColor: '#1b2530',
           titleColor: '#1b2530', gridColor: '#e6eaee', domainColor: '#8a96a3', tickColor: '#8a96a3'},
    legend: {labelFontSize: 12, titleFontSize: 12, titleFontWeight: 500, symbolType: 'square', labelLimit: 260},
    mark: {aria: false},
  };

  /** Puts the rows in where a specification names a data set. */
  function withData(part) {
    if (part === null || typeof part !== 'object') return part;
    if (Array.isArray(part)) return part.map(withData);
    return Object.fromEntries(Object.entries(part).map(([key, value]) =>
        [key, key === 'data' && value.name in content.data ? {values: rowsOf(value.name)} : withData(value)]));
  }

  async function draw({place, spec}) {
    const compiled = vegaLite.compile({autosize: {type: 'fit-x', contains: 'padding'}, ...withData(spec)},
                                      {config: LOOK}).spec;
    const view = new vega.View(vega.parse(compiled), {
      container: document.getElementById(place),
      renderer: spec.usermeta?.renderer ?? 'svg',
      hover: true,
    });
    await view.runAsync();
  }

  async function drawAll() {
    for (const chart of content.charts) {
      try {
        await draw(chart);
      } catch (error) {
        document.getElementById(chart.place).textContent = `This chart could not be drawn: ${error.message}`;
        console.error(error);
      }
      await new Promise(done => setTimeout(done));
    }
    document.documentElement.dataset.drawn = 'yes';
  }

  for (const button of document.querySelectorAll('.copy')) {
    button.addEventListener('click', async () => {
      const code = button.closest('figure').querySelector('code');
      getSelection().selectAllChildren(code);  // where the clipboard is not allowed, Ctrl+C does it
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = 'Copied';
    });
  }

  for (const player of content.arrays) new ArrayPlayer(player, document.getElementById(player.place));
  const tables = content.tables.map(table => new Table(table));
  addEventListener('beforeprint', () => tables.forEach(table => table.show(0, 1000)));
  addEventListener('afterprint', () => tables.forEach(table => table.show()));
  drawAll();
})();
