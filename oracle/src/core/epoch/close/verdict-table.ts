import { type Outcome, type Reason, type SubjectKind, type Verdict } from '@sextant/firmware-bridge/protocol';
import { createMerkleTree, type MerkleTree } from '../../merkle/merkle-tree.ts';
import { hashLeaf, type Sha256 } from '../../merkle/tree-hasher.ts';
import { ByteRecords } from '../../packed/byte-records.ts';
import { ByteRows } from '../../packed/byte-rows.ts';
import { type PackedList, packedList } from '../../packed/packed-list.ts';
import { createAsciiLeafHasher } from './ascii-leaf.ts';
import { verdictJson } from './leaves.ts';
import { packVerdict, unpackVerdict, type VerdictNames } from './packed-verdict.ts';
import { VarintWriter } from './varint-writer.ts';

/** The verdicts of an epoch while it is closed: one a report, added in any order. */
export class VerdictTable {
  readonly #ids = new ByteRows(32);
  readonly #hashes = new ByteRows(32);
  readonly #packed = new ByteRecords();
  readonly #names: VerdictNames;
  readonly #sha256: Sha256;
  readonly #hashText: (text: string) => Uint8Array;
  readonly #writer = new VarintWriter();
  readonly #counts = new Map<string, number>();

  /** `names` knows the reporters' keys. */
  constructor(keys: Pick<VerdictNames, 'numberOfKey' | 'keyOf'>, sha256: Sha256) {
    this.#sha256 = sha256;
    this.#hashText = createAsciiLeafHasher(sha256);
    const checks: string[] = [];
    const numbers = new Map<string, number>();
    this.#names = {
      ...keys,
      numberOfCheck(name) {
        const known = numbers.get(name);
        if (known !== undefined) return known;
        numbers.set(name, checks.length);
        return checks.push(name) - 1;
      },
      checkOf: (number) => checks[number] as string,
    };
  }

  get ids(): ByteRows {
    return this.#ids;
  }

  add(verdict: Verdict): void {
    this.#ids.push(verdict.reportId);
    this.#hashes.push(this.#hashText(verdictJson(verdict)));
    this.#packed.push(packVerdict(verdict, this.#names, this.#writer));
    for (const name of [verdict.outcome, verdict.subject, verdict.reason]) {
      this.#counts.set(name, this.countOf(name) + 1);
    }
  }

  /** How many verdicts have an outcome, a subject or a reason. */
  countOf(name: Outcome | SubjectKind | Reason): number {
    return this.#counts.get(name) ?? 0;
  }

  /** Rows in the order of their report ids. */
  order(): Uint32Array {
    const rows = Uint32Array.from({ length: this.#ids.count }, (_, i) => i);
    return rows.sort((a, b) => this.#ids.compare(a, b));
  }

  list(order: Uint32Array): PackedList<Verdict> {
    return packedList(order.length, (index) => {
      const row = order[index] as number;
      return unpackVerdict(this.#packed.at(row), this.#ids.copyAt(row), this.#names);
    });
  }

  /** Over the verdicts in the order of their report ids. */
  tree(order: Uint32Array): MerkleTree {
    return createMerkleTree(inOrder(this.#hashes, order), this.#sha256);
  }

  /** Over the report ids themselves. */
  inputsTree(order: Uint32Array): MerkleTree {
    const hashes = new Uint8Array(32 * order.length);
    order.forEach((row, i) => hashes.set(hashLeaf(this.#sha256, this.#ids.at(row)), 32 * i));
    return createMerkleTree(hashes, this.#sha256);
  }
}

function inOrder(rows: ByteRows, order: Uint32Array): Uint8Array {
  const bytes = new Uint8Array(rows.width * order.length);
  order.forEach((row, i) => bytes.set(rows.at(row), rows.width * i));
  return bytes;
}
