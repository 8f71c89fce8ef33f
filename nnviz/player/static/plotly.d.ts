// Of Plotly.js, what the player uses: attributes are as Plotly's reference has them, and those that begin with
// an underscore are its own.

/** A trace, a layout or a part of one. */
export type Attributes = Record<string, any>;

export interface Axis {
  range: [number, number];
  type: string;
  autorange?: boolean;
  rangemode?: string;
  _id: string;
  _offset: number;
  _length: number;
  /** From data to pixels of the panel, and back. */
  d2p(value: number): number;
  p2d(pixels: number): number;
}

export interface FullLayout extends Attributes {
  width: number;
  height: number;
  xaxis: Axis;
  yaxis: Axis;
  font: { family: string };
  _size: { l: number; t: number; w: number; h: number };
  _rehover?(): void;
}

/** An element that Plotly has drawn in; before that it has none of these. */
export interface Plot extends HTMLElement {
  data: Attributes[];
  layout: Attributes;
  calcdata: Attributes[][];
  _fullData: Attributes[];
  _fullLayout: FullLayout;
  on(event: string, listener: (event: { points: { customdata: unknown }[] }) => void): void;
}

export interface Library {
  react(plot: HTMLElement, data: Attributes[], layout: Attributes, config: Attributes): Promise<unknown>;
  restyle(plot: HTMLElement, attributes: Attributes, traces: number[]): Promise<unknown>;
  relayout(plot: HTMLElement, attributes: Attributes): Promise<unknown>;
  purge(plot: HTMLElement): void;
  downloadImage(figure: Attributes, options: Attributes): Promise<unknown>;
  Plots: { resize(plot: HTMLElement): Promise<unknown> };
  Fx: { hover(plot: HTMLElement, points: Attributes[], subplot: string): void; unhover(plot: HTMLElement): void };
  Icons: { camera: object };
}

declare global {
  interface Window {
    Plotly: Library;
  }
}
