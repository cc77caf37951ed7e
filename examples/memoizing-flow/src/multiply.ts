// Stands for what is slow in a real flow: a model call, an embedding, a scrape.

import { setTimeout } from 'node:timers/promises'
import { FACTOR } from './factor.js'

export async function multiply(value: number): Promise<number> {
  await setTimeout(500)
  return value * FACTOR
}
