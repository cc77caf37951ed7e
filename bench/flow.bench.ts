// What a task costs: a foreach over items of 1 kB whose step does next to nothing, all missing and all hitting, against what the same work
// costs without a flow: a plain loop, a file an item (temporary file and rename, with and without fsync; then read), one log for all.
// Microseconds a task.

import { closeSync, fsyncSync, mkdirSync, mkdtempSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { runFlow } from '../runtime/main.js'
import type { Store } from '../runtime/store.js'
import { fsStore } from '../runtime/stores/fs.js'
import { memoryStore } from '../runtime/stores/memory.js'
import { median, ratio, report } from './support/figures.js'
import { ITEM_BYTES, textOf, wideFlow } from './support/wide-flow.js'

const ROUNDS = 3
const FIGURES = ['miss', 'hit', 'loop', 'files', 'reads', 'log'] as const
const FLOORS = { miss: ['loop', 'files', 'log'], hit: ['loop', 'reads'] } as const

/** Microseconds an item. */
async function perItem(count: number, act: () => unknown): Promise<number> {
  const began = performance.now()
  await act()
  return ((performance.now() - began) * 1000) / count
}

async function loop(count: number): Promise<void> {
  let length = 0
  for (let item = 0; item < count; item++) length += (await textOf(item)).length
  if (length !== count * ITEM_BYTES) throw new Error('the loop lost items')
}

function writeFiles(dir: string, count: number, durable: boolean): void {
  mkdirSync(dir)
  for (let item = 0; item < count; item++) {
    const target = path.join(dir, String(item))
    const fd = openSync(`${target}~`, 'wx')
    writeSync(fd, textOf(item))
    if (durable) fsyncSync(fd)
    closeSync(fd)
    renameSync(`${target}~`, target)
    if (durable) {
      const folder = openSync(dir, 'r')
      fsyncSync(folder)
      closeSync(folder)
    }
  }
}

function readFiles(dir: string, count: number): void {
  for (let item = 0; item < count; item++) readFileSync(path.join(dir, String(item)))
}

function log(file: string, count: number): void {
  const fd = openSync(file, 'wx')
  for (let item = 0; item < count; item++) writeSync(fd, `${textOf(item)}\n`)
  closeSync(fd)
}

async function compare(what: string, count: number, open: (dir: string) => Store, durable: boolean): Promise<void> {
  const figures: Record<(typeof FIGURES)[number], number[]> = { miss: [], hit: [], loop: [], files: [], reads: [], log: [] }
  const Flow = wideFlow(count)
  for (let round = 0; round < ROUNDS; round++) {
    const dir = mkdtempSync(path.join(tmpdir(), 'mintmark-bench-'))
    try {
      const store = open(path.join(dir, 'store'))
      const once = async (hits: number) => {
        const { counts, artifacts } = await runFlow(Flow, { store })
        if (counts.hit !== hits || artifacts.length !== count * ITEM_BYTES)
          throw new Error(`${counts.hit} hits, ${artifacts.length} characters`)
      }
      figures.miss.push(await perItem(count, () => once(0)))
      figures.hit.push(await perItem(count, () => once(count)))
      figures.loop.push(await perItem(count, () => loop(count)))
      figures.files.push(await perItem(count, () => writeFiles(path.join(dir, 'files'), count, durable)))
      figures.reads.push(await perItem(count, () => readFiles(path.join(dir, 'files'), count)))
      figures.log.push(await perItem(count, () => log(path.join(dir, 'log'), count)))
    } finally {
      rmSync(dir, { recursive: true, force: true })
    }
  }
  for (const kind of ['miss', 'hit'] as const)
    for (const floor of FLOORS[kind])
      report(
        `${what}, ${count} items, all ${kind}, us`,
        median(figures[kind]),
        floor,
        median(figures[floor]),
        ratio(figures[kind], figures[floor]),
      )
}

export async function run(): Promise<void> {
  await compare('memory', 10_000, () => memoryStore(), false)
  await compare('fs without fsync', 10_000, (dir) => fsStore({ dir, durability: 'none' }), false)
  await compare('fs with fsync', 1_000, (dir) => fsStore({ dir }), true)
}
