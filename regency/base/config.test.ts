import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { makeTestFolder } from '../../testing/hub-parts.ts'
import { readHubConfig } from './config.ts'

const { folder, remove } = makeTestFolder('hub-config')
afterAll(remove)
writeFileSync(join(folder, 'villages.csv'), 'code\n')
writeFileSync(join(folder, 'secret'), 'postgres://balai:geheim@host/balai\n')

function read(text: string, environment = {}) {
  const file = join(folder, 'hub.toml')
  writeFileSync(file, text)
  return readHubConfig(file, environment)
}

const least = 'name = "Uji"\ndata = "data"\nvillages = "villages.csv"\n'
const mqtt = '[mqtt]\nurl = "mqtts://broker:8883"\n'

test('a short file is enough', () => {
  expect(read(`${least}${mqtt}[postgres]\nurl_file = "secret"`)).toEqual({
    name: 'Uji',
    zone: 'Asia/Jakarta',
    data: join(folder, 'data'),
    villages: join(folder, 'villages.csv'),
    log: 'info',
    mqtt: { url: 'mqtts://broker:8883', client_id: 'balai-hub', cluster: false },
    postgres: { url: 'postgres://balai:geheim@host/balai', pool: 4 },
    console: { host: '127.0.0.1', port: 8090 },
    retention: { nightly: false, health_days: 1830, alarm_days: 730, meter_days: 400, command_days: 730 },
  })
})

test('secrets may come from the environment', () => {
  const config = read(`${least}${mqtt}`, { BALAI_POSTGRES_URL: 'postgres://x', BALAI_MQTT_PASSWORD: 'geheim' })
  expect([config.postgres.url, config.mqtt.password]).toEqual(['postgres://x', 'geheim'])
})

test('every mistake is named at once', () => {
  const wrong =
    'data = "d"\nvillages = "none.csv"\nzone = "Asia/Jkarta"\ndistricts = ["35"]\n[mqtt]\nurl = "broker"\npassword = "geheim"\n[postgres]\npool = 0\n[console]\nport = 99999\n'
  const lines = (() => {
    try {
      read(wrong)
      return []
    } catch (error) {
      return String((error as Error).message)
        .split('\n')
        .map((line) => line.replace(/^.*?hub\.toml: /, '').split(':')[0])
    }
  })()
  expect(lines.sort()).toEqual([
    'console.port',
    'districts',
    'mqtt.password',
    'mqtt.url',
    'name',
    'postgres.pool',
    'villages',
    'zone',
  ])
})

test('a missing database, a password in the file and certificates without TLS are refused', () => {
  expect(() => read(`${least}${mqtt}`)).toThrow(/postgres\.url: is missing/)
  const plain = `${least}[mqtt]\nurl = "mqtt://broker"\ncert = "secret"\n[postgres]\nurl = "postgres://balai:geheim@host/balai"`
  expect(() => read(plain)).toThrow(/holds a password[\s\S]*cert and key together[\s\S]*mqtts:\/\/host/)
  expect(() => read(plain)).not.toThrow(/geheim/)
})
