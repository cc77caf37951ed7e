// What JSX text means, held against what TypeScript and esbuild make of it.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { transformSync } from 'esbuild'
import ts from 'typescript'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { decodeEntities, foldText } from '../transformer/jsx-text.js'

type Compile = (text: string) => string

const COMPILERS: Readonly<Record<string, Compile>> = {
  TypeScript: (text) => ts.transpileModule(text, { fileName: 'x.tsx', compilerOptions: { jsx: ts.JsxEmit.React } }).outputText,
  esbuild: (text) => transformSync(text, { loader: 'tsx', jsx: 'transform' }).code,
}

/** What a compiler makes of each text as the only child of an element. */
function childrenBy(compile: Compile, texts: readonly string[]): (string | undefined)[] {
  const made: (string | undefined)[] = []
  const code = compile(texts.map((text) => `put(<a>${text}</a>);`).join('\n'))
  const React = { createElement: (_tag: string, _attributes: null, child?: string) => child }
  new Function('React', 'put', code)(React, (child: string | undefined) => made.push(child))
  assert.is(made.length, texts.length)
  return made
}

for (const [name, compile] of Object.entries(COMPILERS)) {
  test(`lines are folded as ${name} folds them`, () => {
    const parts = [' ', '\t', '\n', 'x', 'y z']
    let texts = ['']
    for (let i = 0; i < 4; i++) texts = [...new Set(texts.flatMap((text) => ['', ...parts].map((part) => text + part)))]
    texts.push('a\r\n b', 'a \r b', ' &amp;\n &lt; ', '\n&nbsp;\n', 'a\u2028b')
    const made = childrenBy(compile, texts)
    assert.equal(
      texts.filter((text, i) => foldText(text) !== made[i]).map((text) => JSON.stringify(text)),
      [],
    )
  })

  test(`entities mean what they mean to ${name}`, () => {
    // The table of names, as TypeScript has it in its text.
    const text = readFileSync(createRequire(import.meta.url).resolve('typescript'), 'utf8')
    const table = text.slice(text.indexOf('quot: 34,'), text.indexOf('diams: 9830') + 11)
    const names = [...table.matchAll(/(\w+): \d+/g)].map(([, entity]) => entity!)
    assert.ok(names.length > 240, `${names.length} names`)
    const entities = [...names, '#65', '#x41', '#X41', '#x1F600', '#0', 'none', 'Amp', '', '#', '#xg', '#65x', 'a b'].map((n) => `&${n};`)
    const made = childrenBy(compile, entities)
    assert.equal(
      entities.filter((entity, i) => decodeEntities(entity) !== made[i]),
      [],
    )
  })
}

test('what is no code point stays as it is written', () => {
  assert.is(decodeEntities('&#x110000; &#1114112; &#x10ffff;'), '&#x110000; &#1114112; \u{10ffff}')
})

test.run()
