// The same work as the memoizing flow, with plain functions.

import { memoize } from 'mintmark'
import { multiply } from './multiply.js'

const slow = memoize(async (input: number) => {
  console.error(`executing slow(${input})`)
  return multiply(input)
})

const results = await Promise.all([4, 1, 2, 3, 9, 15].map((input) => slow(input)))
console.log(`results: ${results.join(', ')}`)
