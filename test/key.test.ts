// Keys: every part counts, no two lists of parts read the same, and the order of naming does not matter.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Digest, digest, type Fingerprint } from '../runtime/contract.js'
import { type KeyParts, makeKey } from '../runtime/key.js'

const fingerprint = digest('code') as string as Fingerprint
const [one, two] = [digest('1'), digest('2')]
const base: KeyParts = {
  fingerprint,
  inputs: [
    ['a', one],
    ['b', two],
  ],
}

test('a key is the digest of its parts, the same on every machine', () => {
  assert.is(makeKey(base), 'd27f2bcb08e7dd4c08e8e4ede244fa3513beaacdfea9a35b66f7af7d95c410cf')
  assert.is(makeKey({ ...base, inputs: [...base.inputs].reverse() }), makeKey(base))
})

test('inputs are ordered by code unit', () => {
  const names = ['é', 'z', 'Z', 'a', '\ud800', '10', '9']
  const inputs = names.map((name): [string, Digest] => [name, digest(name)])
  const key = makeKey({ fingerprint, inputs })
  for (let i = 0; i < names.length; i++) {
    inputs.push(inputs.shift()!)
    assert.is(makeKey({ fingerprint, inputs }), key)
  }
})

test('parts that are undefined are as parts that are not there', () => {
  assert.is(makeKey({ ...base, captures: undefined, version: undefined, salt: undefined }), makeKey(base))
})

const VARIANTS: Readonly<Record<string, KeyParts>> = {
  'as it is': base,
  'another fingerprint': { ...base, fingerprint: digest('other') as string as Fingerprint },
  'no inputs': { ...base, inputs: [] },
  'fewer inputs': { ...base, inputs: [['a', one]] },
  'another value': {
    ...base,
    inputs: [
      ['a', one],
      ['b', one],
    ],
  },
  'another name': {
    ...base,
    inputs: [
      ['a', one],
      ['c', two],
    ],
  },
  'values swapped': {
    ...base,
    inputs: [
      ['a', two],
      ['b', one],
    ],
  },
  'a name that looks like two': { ...base, inputs: [[`a"\nname 1:b`, one]] },
  'a lone surrogate': { ...base, inputs: [['\ud800', one]] },
  'another lone surrogate': { ...base, inputs: [['\ud801', one]] },
  'what UTF-8 makes of one': { ...base, inputs: [['\ufffd', one]] },
  'an escape in a name': { ...base, inputs: [['\\ud800', one]] },
  captures: { ...base, captures: one },
  'other captures': { ...base, captures: two },
  'an input called captures': { ...base, inputs: [...base.inputs, ['captures', one]] },
  'version 1': { ...base, version: 1 },
  "version '1'": { ...base, version: '1' },
  'version 2': { ...base, version: 2 },
  'an empty version': { ...base, version: '' },
  'salt 1': { ...base, salt: '1' },
  'space 1': { ...base, space: '1' },
  'salt and space': { ...base, salt: '1', space: '1' },
  'an empty salt': { ...base, salt: '' },
  'version and salt': { ...base, version: 'x', salt: 'y' },
  'version and salt swapped': { ...base, version: 'y', salt: 'x' },
  'a version that looks like a salt': { ...base, version: 'x"\nsalt 3:"y' },
}

test('every part counts', () => {
  const byKey = new Map<string, string>()
  for (const [name, parts] of Object.entries(VARIANTS)) {
    const key = makeKey(parts)
    assert.match(key, /^[0-9a-f]{64}$/)
    assert.is(byKey.get(key), undefined, `${name} has the key of ${byKey.get(key)}`)
    byKey.set(key, name)
  }
})

test('two inputs of one name are refused', () => {
  assert.throws(
    () =>
      makeKey({
        ...base,
        inputs: [
          ['a', one],
          ['b', two],
          ['a', two],
        ],
      }),
    /^MM2003 two inputs are called `a`/,
  )
})

test.run()
