type Page = {
  entry: string
  theme: 'auto' | 'light' | 'dark'
  messages: readonly string[]
  refusals: readonly string[] | 'all'
}

/**
 * The pages that are built: what each begins with, whether it follows the system's light or dark, which groups of
 * messages it carries besides `ui`, `error` and `language`, and of which rooms it may meet refusals (a kiosk has 60 KiB in
 * all and no use for the admin's words).
 */
export const pages = {
  home: { entry: 'appliance/pages/home/home.tsx', theme: 'auto', messages: ['home'], refusals: [] },
  kiosk: {
    entry: 'appliance/pages/kiosk/kiosk.tsx',
    theme: 'light',
    messages: ['kiosk', 'device', 'survey', 'times'],
    refusals: ['queue', 'store'],
  },
  display: {
    entry: 'appliance/pages/display/display.tsx',
    theme: 'dark',
    messages: ['display', 'device'],
    refusals: [],
  },
  book: {
    entry: 'appliance/pages/book/book.tsx',
    theme: 'auto',
    messages: ['book', 'times'],
    refusals: ['queue', 'booking', 'budget', 'store'],
  },
  phone: {
    entry: 'appliance/pages/phone/phone.tsx',
    theme: 'auto',
    messages: ['phone', 'survey'],
    refusals: ['queue', 'budget', 'store'],
  },
  lost: { entry: 'appliance/pages/lost/lost.tsx', theme: 'auto', messages: ['lost'], refusals: [] },
  visitor: { entry: 'appliance/pages/visitor/visitor.tsx', theme: 'auto', messages: ['visitor'], refusals: [] },
  desk: {
    entry: 'appliance/pages/desk/desk.tsx',
    theme: 'auto',
    messages: ['desk', 'staff', 'alarm'],
    refusals: 'all',
  },
  admin: { entry: 'appliance/pages/admin/admin.tsx', theme: 'auto', messages: ['admin', 'staff'], refusals: 'all' },
  technician: {
    entry: 'appliance/pages/technician/technician.tsx',
    theme: 'auto',
    messages: ['technician', 'check', 'staff', 'alarm', 'relay', 'waiting'],
    refusals: 'all',
  },
  today: {
    entry: 'appliance/pages/reports/today.tsx',
    theme: 'auto',
    messages: ['today', 'reports', 'staff'],
    refusals: 'all',
  },
  reports: {
    entry: 'appliance/pages/reports/reports.tsx',
    theme: 'auto',
    messages: ['reports', 'staff', 'survey'],
    refusals: 'all',
  },
  percaya: { entry: 'appliance/pages/percaya/percaya.tsx', theme: 'auto', messages: ['percaya'], refusals: [] },
  waiting: { entry: 'appliance/pages/waiting/waiting.tsx', theme: 'auto', messages: ['waiting'], refusals: 'all' },
  hub: { entry: 'regency/console/hub.tsx', theme: 'auto', messages: ['hub', 'staff', 'alarm'], refusals: 'all' },
} as const satisfies Record<string, Page>

/** Groups that every page carries. */
export const sharedMessages = ['language', 'ui', 'error'] as const
