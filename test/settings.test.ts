import { syncBuiltinESMExports } from 'node:module'
import os from 'node:os'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { thisProcess } from '../runtime/settings.js'

test('the name of the machine is asked for once', () => {
  let asked = 0
  os.hostname = () => `machine${asked++}`
  syncBuiltinESMExports()
  const name = `machine0#${process.pid}`
  assert.equal([thisProcess(), thisProcess(), asked], [name, name, 1])
})

test.run()
