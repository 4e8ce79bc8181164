// The array of PEs in steps of a cycle: what each register holds, forwards and backwards.
'use strict';
class ArrayPlayer {
  static WEIGHT = 1;
  static SHADOW = 2;
  static ACTIVATION = 4;

  /** `player` is what host/page/array_player.h describes. */
  constructor(player, place) {
    Object.assign(this, player);
    this.step = 0;
    this.row = this.column = 0;
    this.cell = Math.max(14, Math.min(46, Math.floor(860 / this.columns)));
    this.canvas = document.createElement('canvas');
    this.canvas.setAttribute('role', 'img');
    this.canvas.setAttribute('aria-label', this.description);
    this.canvas.addEventListener('click', event => this.select(event));
    this.register = document.createElement('p');
    this.register.className = 'register';
    this.register.setAttribute('role', 'status');
    place.append(this.controls(), this.key(), this.canvas, this.chooser(), this.register);
    this.show(0);
  }

  make(name, properties, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }

  controls() {
    const button = (text, action) => {
      const made = this.make('button', {type: 'button', textContent: text});
      made.addEventListener('click', action);
      return made;
    };
    this.play = button('Play', () => this.timer ? this.stop() : this.start());
    this.slider = this.make('input', {type: 'range', min: 0, max: this.cycles.length - 1, value: 0});
    this.slider.addEventListener('input', () => this.show(Number(this.slider.value)));
    this.speed = this.make('select', {}, ...[2, 5, 10, 30].map(rate =>
        this.make('option', {value: rate, textContent: `${rate} cycles a second`, selected: rate === 5})));
    this.speed.addEventListener('change', () => this.timer && (this.stop(), this.start()));
    this.label = this.make('output', {className: 'cycle'});
    return this.make('div', {className: 'tools'}, this.play,
        button('Back', () => this.show(this.step - 1)), button('Forward', () => this.show(this.step + 1)),
        this.make('label', {className: 'slide'}, 'Cycle ', this.slider), this.label,
        this.make('label', {}, 'Speed ', this.speed));
  }

  key() {
    const entry = (mark, text) => this.make('span', {}, this.make('i', {className: mark}), text);
    return this.make('p', {className: 'key'},
        entry('weight', 'weight'), this.inPlace ? '' : entry('shadow', 'next weight, shifting down'),
        entry('activation', 'activation, going right'),
        entry('sum', this.inPlace ? 'sum, in place' : 'partial sum, going down'));
  }

  chooser() {
    const field = (text, most, set) => {
      const made = this.make('input', {type: 'number', min: 0, max: most - 1, value: 0});
      made.addEventListener('input', () => {
        set(Math.max(0, Math.min(most - 1, Number(made.value) || 0)));
        this.show(this.step);
      });
      return [made, this.make('label', {}, text, made)];
    };
    const [row, rowLabel] = field('Row ', this.rows, value => { this.row = value; });
    const [column, columnLabel] = field('Column ', this.columns, value => { this.column = value; });
    this.fields = {row, column};
    return this.make('div', {className: 'tools'}, 'Registers of one PE: ', rowLabel, columnLabel);
  }

  select(event) {
    const box = this.canvas.getBoundingClientRect();
    const scale = this.columns * this.cell / box.width;
    this.column = Math.min(this.columns - 1, Math.floor((event.clientX - box.left) * scale / this.cell));
    this.row = Math.min(this.rows - 1, Math.floor((event.clientY - box.top) * scale / this.cell));
    this.fields.row.value = this.row;
    this.fields.column.value = this.column;
    this.show(this.step);
  }

  start() {
    if (this.step + 1 >= this.cycles.length) this.step = -1;
    this.play.textContent = 'Pause';
    this.timer = setInterval(() => {
      this.show(this.step + 1);
      if (this.step + 1 >= this.cycles.length) this.stop();
    }, 1000 / Number(this.speed.value));
  }
  stop() {
    clearInterval(this.timer);
    this.timer = null;
    this.play.textContent = 'Play';
  }

  /** The registers of a cycle: five planes, one after another. */
  registers(step) {
    const bytes = Uint8Array.from(atob(this.cycles[step].registers), character => character.charCodeAt(0));
    const pes = this.rows * this.columns;
    const plane = (Type, index) => new Type(bytes.buffer, index * pes, pes);
    return {weights: plane(Int8Array, 0), shadows: plane(Int8Array, 1), activations: plane(Int8Array, 2),
            marks: plane(Uint8Array, 3), sums: plane(Int32Array, 4)};
  }

  show(step) {
    this.step = Math.max(0, Math.min(this.cycles.length - 1, step));
    this.slider.value = this.step;
    this.label.textContent = `${this.first + this.step}: ${this.cycles[this.step].ledger}`;
    this.now = this.registers(this.step);
    this.draw();
    this.describe();
  }

  describe() {
    const pe = this.row * this.columns + this.column;
    const has = mark => this.now.marks[pe] & mark;
    const value = (mark, plane) => has(mark) ? plane[pe] : 'none';
    this.register.textContent = `PE (${this.row}, ${this.column}) in cycle ${this.first + this.step}: ` +
        `weight ${value(ArrayPlayer.WEIGHT, this.now.weights)}, ` +
        (this.inPlace ? '' : `next weight ${value(ArrayPlayer.SHADOW, this.now.shadows)}, `) +
        `activation ${value(ArrayPlayer.ACTIVATION, this.now.activations)}, sum ${this.now.sums[pe]}`;
  }

  draw() {
    const ratio = window.devicePixelRatio || 1;
    const [width, height] = [this.columns * this.cell, this.rows * this.cell];
    this.canvas.width = width * ratio;
    this.canvas.height = height * ratio;
    this.canvas.style.width = `${width}px`;
    const to = this.canvas.getContext('2d');
    to.scale(ratio, ratio);
    for (let row = 0; row < this.rows; ++row) {
      for (let column = 0; column < this.columns; ++column) this.drawPe(to, row, column);
    }
    to.strokeStyle = '#000000';
    to.lineWidth = 2;
    to.strokeRect(this.column * this.cell + 1, this.row * this.cell + 1, this.cell - 2, this.cell - 2);
  }

  drawPe(to, row, column) {
    const pe = row * this.columns + column;
    const {weights, shadows, activations, marks, sums} = this.now;
    const size = this.cell;
    const [left, top] = [column * size, row * size];
    const shade = (colour, amount) => {
      to.globalAlpha = amount;
      to.fillStyle = colour;
    };
    shade('#ffffff', 1);
    to.fillRect(left, top, size, size);
    if (marks[pe] & ArrayPlayer.WEIGHT) {
      shade('#6b8299', 0.12 + 0.5 * Math.abs(weights[pe]) / 128);
      to.fillRect(left, top, size, size);
    }
    if (marks[pe] & ArrayPlayer.SHADOW) {
      shade('#e69f00', 0.35 + 0.65 * Math.abs(shadows[pe]) / 128);
      this.triangle(to, [left + size, top], [left + size, top + size * 0.45], [left + size * 0.55, top]);
    }
    if (sums[pe] !== 0) {
      shade(sums[pe] > 0 ? '#007a59' : '#c04000', 0.4 + 0.6 * Math.min(1, Math.log2(Math.abs(sums[pe])) / 18));
      this.triangle(to, [left + size * 0.2, top + size * 0.62], [left + size * 0.8, top + size * 0.62],
                    [left + size * 0.5, top + size * 0.97]);
    }
    if (marks[pe] & ArrayPlayer.ACTIVATION) {
      shade('#0b5cad', 0.35 + 0.65 * Math.abs(activations[pe]) / 128);
      this.triangle(to, [left + size * 0.1, top + size * 0.12], [left + size * 0.1, top + size * 0.58],
                    [left + size * 0.55, top + size * 0.35]);
    }
    to.globalAlpha = 1;
    to.strokeStyle = '#d9dfe6';
    to.lineWidth = 1;
    to.strokeRect(left + 0.5, top + 0.5, size, size);
  }

  triangle(to, ...corners) {
    to.beginPath();
    corners.forEach(corner => to.lineTo(...corner));
    to.fill();
  }
}
