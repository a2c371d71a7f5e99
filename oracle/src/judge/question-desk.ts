import type { Question } from './judge-messages.ts';

interface Waiting {
  readonly resolve: (value: readonly Uint8Array[]) => void;
  readonly reject: (error: Error) => void;
}

/** Questions of the judge's thread to the main one, and the answers that come back in any order. */
export class QuestionDesk {
  readonly #ask: (id: number, question: Question) => void;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;

  constructor(ask: (id: number, question: Question) => void) {
    this.#ask = ask;
  }

  ask(question: Question): Promise<readonly Uint8Array[]> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#ask(id, question);
    });
  }

  answer(id: number, value: readonly Uint8Array[]): void {
    this.#waiting.get(id)?.resolve(value);
    this.#waiting.delete(id);
  }

  fail(id: number, message: string): void {
    this.#waiting.get(id)?.reject(new Error(message));
    this.#waiting.delete(id);
  }
}
