/**
 * National holidays of Indonesia, 2026 to 2027: offered in the first steps and at the settings, never taken without being
 * asked for; the regency's dataset comes before them. Made by make-national-holidays.mjs from the npm package date-holidays
 * (its data, CC BY 3.0, from Wikipedia's lists). It lacks *cuti bersama*, days of elections and Easter Sunday, and days
 * that follow the moon are computed: the decree of the ministers may have them a day earlier or later.
 */
export const nationalHolidays: readonly { day: string; name: string }[] = [
  { day: '2026-01-01', name: 'Tahun Baru Masehi' },
  { day: '2026-01-16', name: 'Isra Mikraj Nabi Muhammad SAW' },
  { day: '2026-02-17', name: 'Tahun Baru Imlek' },
  { day: '2026-03-19', name: 'Hari Suci Nyepi' },
  { day: '2026-03-20', name: 'Hari Raya Idulfitri' },
  { day: '2026-03-21', name: 'Hari Raya Idulfitri' },
  { day: '2026-04-03', name: 'Wafat Yesus Kristus' },
  { day: '2026-05-01', name: 'Hari Buruh Internasional' },
  { day: '2026-05-14', name: 'Kenaikan Yesus Kristus' },
  { day: '2026-05-27', name: 'Hari Raya Iduladha' },
  { day: '2026-05-31', name: 'Hari Raya Waisak' },
  { day: '2026-06-01', name: 'Hari Lahir Pancasila' },
  { day: '2026-06-16', name: 'Tahun Baru Islam' },
  { day: '2026-08-17', name: 'Proklamasi Kemerdekaan' },
  { day: '2026-08-25', name: 'Maulid Nabi Muhammad SAW' },
  { day: '2026-12-25', name: 'Kelahiran Yesus Kristus (Natal)' },
  { day: '2027-01-01', name: 'Tahun Baru Masehi' },
  { day: '2027-01-05', name: 'Isra Mikraj Nabi Muhammad SAW' },
  { day: '2027-02-06', name: 'Tahun Baru Imlek' },
  { day: '2027-03-08', name: 'Hari Suci Nyepi' },
  { day: '2027-03-09', name: 'Hari Raya Idulfitri' },
  { day: '2027-03-10', name: 'Hari Raya Idulfitri' },
  { day: '2027-03-26', name: 'Wafat Yesus Kristus' },
  { day: '2027-05-01', name: 'Hari Buruh Internasional' },
  { day: '2027-05-06', name: 'Kenaikan Yesus Kristus' },
  { day: '2027-05-16', name: 'Hari Raya Iduladha' },
  { day: '2027-05-20', name: 'Hari Raya Waisak' },
  { day: '2027-06-01', name: 'Hari Lahir Pancasila' },
  { day: '2027-06-06', name: 'Tahun Baru Islam' },
  { day: '2027-08-14', name: 'Maulid Nabi Muhammad SAW' },
  { day: '2027-08-17', name: 'Proklamasi Kemerdekaan' },
  { day: '2027-12-25', name: 'Kelahiran Yesus Kristus (Natal)' },
]
