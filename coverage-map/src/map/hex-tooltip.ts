import { formatDdbm } from '../words/quantities.ts';

/** A few words beside the pointer. */
export class HexTooltip {
  readonly #element: HTMLElement;

  constructor(container: HTMLElement) {
    this.#element = document.createElement('div');
    this.#element.className = 'tooltip';
    this.#element.hidden = true;
    // The panel says the same to those who do not use a pointer.
    this.#element.setAttribute('aria-hidden', 'true');
    container.append(this.#element);
  }

  show(text: string, { x, y }: { x: number; y: number }): void {
    this.#element.textContent = text;
    this.#element.hidden = false;
    this.#element.style.translate = `${x + 14}px ${y + 14}px`;
  }

  hide(): void {
    this.#element.hidden = true;
  }
}

/** `−104.3 dBm`, `surveyed, not covered`, or a hotspot's name. */
export function tooltipText(properties: Readonly<Record<string, unknown>>): string {
  const { name, esp } = properties;
  if (typeof name === 'string') return name;
  return typeof esp === 'number' ? formatDdbm(esp) : 'surveyed, not covered';
}
