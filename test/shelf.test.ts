import { spawn } from 'node:child_process'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import ts from 'typescript'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

import { fingerprintModule, openReader } from '../transformer/analysis.js'
import { openProject } from '../transformer/project.js'
import { noShelf, openShelf, projectShelf, type Shelf } from '../transformer/shelf.js'

const SOURCES = new URL('../../transformer/', import.meta.url)

/** Runs with an empty folder. */
async function inFolder(run: (dir: string) => unknown): Promise<void> {
  const dir = mkdtempSync(path.join(tmpdir(), 'mintmark-shelf-'))
  try {
    await run(dir)
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

/** What a shelf answers, and for which texts it had to ask. */
function ask(shelf: Shelf, texts: readonly string[]): { answers: unknown[]; made: string[] } {
  const made: string[] = []
  const answers = texts.map((text) =>
    shelf.answer('length', text, () => {
      made.push(text)
      return { length: text.length }
    }),
  )
  shelf.save()
  return { answers, made }
}

const fileOf = (dir: string): string => path.join(dir, readdirSync(dir).find((name) => name.startsWith('summaries-'))!)

test('what was answered is not made again by the next build; what is new is', () =>
  inFolder((dir) => {
    assert.equal(ask(openShelf(dir, 'p'), ['a', 'bb', 'a']).made, ['a', 'bb'])
    const next = ask(openShelf(dir, 'p'), ['a', 'bb', 'ccc'])
    assert.equal(next.made, ['ccc'])
    assert.equal(next.answers, [{ length: 1 }, { length: 2 }, { length: 3 }])
    assert.equal(ask(openShelf(dir, 'p'), ['ccc', 'a']).made, [])
  }))

test('another question or another parser has answers of its own', () =>
  inFolder((dir) => {
    ask(openShelf(dir, 'p'), ['a'])
    assert.equal(ask(openShelf(dir, 'q'), ['a']).made, ['a'])
    assert.is(
      openShelf(dir, 'p').answer('other', 'a', () => 'asked'),
      'asked',
    )
  }))

test('a file cut or damaged at any byte costs answers, gives no wrong one and heals', () =>
  inFolder((dir) => {
    const texts = ['a', 'bb', 'ccc']
    const expected = ask(openShelf(dir, 'p'), texts).answers
    const whole = readFileSync(fileOf(dir))
    for (let at = 0; at < whole.length; at++) {
      for (const damage of ['cut', 'flip']) {
        const bytes = Buffer.from(whole)
        bytes[at]! ^= 0x11
        writeFileSync(fileOf(dir), damage === 'cut' ? whole.subarray(0, at) : bytes)
        assert.equal(ask(openShelf(dir, 'p'), texts).answers, expected, `${damage} ${at}`)
        assert.equal(ask(openShelf(dir, 'p'), texts).made, [], `${damage} ${at} heals`)
      }
    }
  }))

test('beyond its limit only what the last build asked for stays', () =>
  inFolder((dir) => {
    ask(openShelf(dir, 'p', 1000), ['a', 'b', 'c'])
    const long = 'x'.repeat(10)
    const shelf = openShelf(dir, 'p', 200)
    ask(shelf, ['b', long])
    assert.ok(statSync(fileOf(dir)).size < 200)
    assert.equal(ask(openShelf(dir, 'p', 1000), ['b', long]).made, [])
    assert.equal(ask(openShelf(dir, 'p', 1000), ['a']).made, ['a'])
  }))

test('files of other versions go when nobody has used them for a month', () =>
  inFolder((dir) => {
    for (const [name, days] of [
      ['summaries-old', 31],
      ['summaries-new', 29],
    ] as const) {
      writeFileSync(path.join(dir, name), '')
      const then = Date.now() / 1000 - days * 24 * 3600
      utimesSync(path.join(dir, name), then, then)
    }
    ask(openShelf(dir, 'p'), ['a'])
    const left = readdirSync(dir)
    assert.not(left.includes('summaries-old'))
    assert.ok(left.includes('summaries-new'))
  }))

test('where nothing can be written the build goes on', () =>
  inFolder((dir) => {
    writeFileSync(path.join(dir, 'file'), '')
    assert.equal(ask(openShelf(path.join(dir, 'file', 'below'), 'p'), ['a']).made, ['a'])
    mkdirSync(path.join(dir, 'taken'))
    chmodSync(path.join(dir, 'taken'), 0o500)
    assert.equal(ask(openShelf(path.join(dir, 'taken'), 'p'), ['a']).answers, [{ length: 1 }])
    assert.is(projectShelf(dir, 'p'), noShelf)
  }))

test('builds that run at once spoil nothing for each other', () =>
  inFolder(async (dir) => {
    const url = new URL('../transformer/shelf.js', import.meta.url).href
    const script = `
      const { openShelf } = await import(${JSON.stringify(url)})
      for (let i = 0; i < 40; i++) {
        const shelf = openShelf(${JSON.stringify(dir)}, 'p')
        for (let t = 0; t < 5; t++) shelf.answer('q', process.argv[1] + i + t, () => 'x'.repeat(3000))
        shelf.save()
      }`
    const codes = await Promise.all(
      ['a', 'b', 'c', 'd'].map(
        (name) => new Promise((done) => spawn(process.execPath, ['--input-type=module', '-e', script, name]).on('exit', done)),
      ),
    )
    assert.equal(codes, [0, 0, 0, 0])
    const shelf = openShelf(dir, 'p')
    let made = 0
    for (const name of ['a', 'b', 'c', 'd'])
      for (let i = 0; i < 40; i++)
        for (let t = 0; t < 5; t++) {
          const answer = shelf.answer('q', `${name}${i}${t}`, () => {
            made++
            return 'x'.repeat(3000)
          })
          assert.is(answer, 'x'.repeat(3000))
        }
    // Answers may be lost to a build that came between, not all of them.
    assert.ok(made < 400, `${made} of 800 lost`)
  }))

test('fingerprints from kept summaries are those from the text', () =>
  inFolder((dir) => {
    const root = path.dirname(SOURCES.pathname)
    const files = readdirSync(SOURCES).filter((name) => /^[l-p].*\.ts$/.test(name))
    const all = (shelf: Shelf): unknown => {
      const project = openProject({ ts, root, shelf })
      const reader = openReader(project)
      const found = files.map((name) => {
        const module = project.module(path.join(root, 'transformer', name))!
        return [[...fingerprintModule(reader, module)], project.problems(module)]
      })
      shelf.save()
      return found
    }
    const cold = all(noShelf)
    all(openShelf(dir, 'p'))
    const before = statSync(fileOf(dir)).size
    const warm = all(openShelf(dir, 'p'))
    assert.is(statSync(fileOf(dir)).size, before)
    assert.ok(isDeepStrictEqual(warm, cold))
    truncateSync(fileOf(dir), before >> 1)
    assert.ok(isDeepStrictEqual(all(openShelf(dir, 'p')), cold))
  }))

test.run()
