// The page's words in Russian. en.js has the same keys; a test compares them.
// The names of WhatsApp's menus are those of its Russian version. `*так*` is drawn in bold (rich() in dom.js).

import { pluralizer } from '../plural.js';

const count = pluralizer('ru');
const seconds = (n) => count(n, { one: 'секунду', few: 'секунды', many: 'секунд', other: 'секунды' });
const minutes = (n) => count(n, { one: 'минуту', few: 'минуты', many: 'минут', other: 'минуты' });
// «Ещё 1 минуту 5 секунд» stands in the same case as «через 5 секунд», so one set of forms serves both.

export const states = {
  idle: 'Не запущено',
  qr: 'Ожидание телефона',
  authenticated: 'Загрузка чатов',
  ready: 'Подключено',
  disconnected: 'Связь прервана',
  blocked: 'Нужна ваша помощь',
};

export const phases = {
  stopped: 'Не запущено',
  starting: 'Запускаем браузер',
  loading: 'Открываем WhatsApp Web',
  connecting: 'Соединяемся с WhatsApp',
  renewing: 'Получаем новый код',
  stopping: 'Закрываем браузер',
  resetting: 'Удаляем сессию',
  logging_out: 'Выходим из WhatsApp',
  waiting_for_scan: 'Показываем QR-код',
  pairing: 'Запрашиваем код у WhatsApp',
  waiting_for_entry: 'Показываем код для ввода',
  syncing: 'Загружаем чаты',
  linked: 'Подключено и работает',
  reconnecting: 'Восстанавливаем связь с WhatsApp',
  recovering: 'Пауза перед новой попыткой',
  forgetting: 'Удаляем завершённую сессию',
  restarting: 'Запускаем заново',
  held_up: 'Ждём вашей помощи',
  reset_pending: 'Ждём возможности удалить сессию',
  probing: 'Проверяем, заработало ли',
};

export const reasons = {
  stopped: { sentence: 'остановлено по запросу', action: 'Запустите снова, чтобы подключиться.' },
  qr_expired: {
    sentence: 'QR-код долго показывали, но никто его не отсканировал',
    action: 'Запросите новый код.',
  },
  pairing_refused: {
    sentence: 'WhatsApp не выдал код для этого номера',
    action: 'Проверьте номер и код страны, подождите несколько минут или отсканируйте QR-код.',
  },
  browser_crashed: {
    sentence: 'браузер аварийно завершился',
    action: 'Делать ничего не нужно: wad запустит его снова. Если это повторяется, загляните в журнал.',
  },
  browser_hung: {
    sentence: 'браузер перестал отвечать',
    action: 'Делать ничего не нужно: wad его заменит. Если это повторяется, проверьте память и нагрузку.',
  },
  page_crashed: {
    sentence: 'страница в браузере аварийно закрылась',
    action: 'Делать ничего не нужно: wad откроет её снова.',
  },
  load_timeout: {
    sentence: 'WhatsApp Web не успел загрузиться',
    action: 'Проверьте, не слишком ли медленное соединение.',
  },
  code_timeout: {
    sentence: 'WhatsApp Web загрузился, но вовремя не показал код',
    action: 'Делать ничего не нужно: wad откроет страницу снова.',
  },
  network_unreachable: {
    sentence: 'серверы WhatsApp недоступны',
    action: 'Проверьте сеть этого компьютера и разрешение имён (DNS).',
  },
  service_unavailable: {
    sentence: 'WhatsApp сообщает, что сервис временно недоступен',
    action: 'Подождите: wad попробует снова.',
  },
  logged_out: {
    sentence: 'телефон или WhatsApp завершил сеанс',
    action: 'Отсканируйте телефоном новый код.',
  },
  history_sync_timeout: {
    sentence: 'телефон не передал историю, и WhatsApp завершил сеанс',
    action: 'Не закрывайте WhatsApp на телефоне и отсканируйте новый код.',
  },
  replaced: {
    sentence: 'WhatsApp Web с этой сессией открыли в другом месте',
    action: 'Делать ничего не нужно: wad вернёт сессию себе.',
  },
  ready_timeout: {
    sentence: 'телефон подключён, но чаты не успели загрузиться',
    action: 'Откройте WhatsApp на телефоне и проверьте его сеть. Сессия сохранена.',
  },
  internal_error: {
    sentence: 'в wad произошла внутренняя ошибка',
    action: 'Сообщите о ней и приложите журнал за это время.',
  },
  daemon_unavailable: {
    sentence: 'wad не запущен или не отвечает',
    action: 'Посмотрите: systemctl status wad.',
  },
  browser_missing: {
    sentence: 'Chromium не найден',
    action: 'Установите его (apt install chromium) и запустите снова.',
  },
  profile_locked: {
    sentence: 'профиль браузера занят другим процессом',
    action: 'Завершите этот процесс; wad сам проверит ещё раз.',
  },
  storage_full: {
    sentence: 'не удаётся записать профиль браузера',
    action: 'Освободите место на диске или исправьте права на папку.',
  },
  hosts_blocked: {
    sentence: 'что-то на пути между этим компьютером и WhatsApp блокирует его серверы',
    action: 'Разрешите web.whatsapp.com, *.whatsapp.net и *.whatsapp.com в файрволе, прокси или фильтре.',
  },
  temporarily_banned: {
    sentence: 'WhatsApp временно заблокировал этот аккаунт',
    action: 'Прочитайте уведомление на телефоне.',
  },
  terms_of_service: {
    sentence: 'WhatsApp просит принять условия использования',
    action: 'Примите их на телефоне.',
  },
  update_required: {
    sentence: 'WhatsApp требует более новую версию своей страницы',
    action: 'Обновите Chromium и wad.',
  },
  unsupported_browser: {
    sentence: 'WhatsApp не поддерживает этот браузер',
    action: 'Обновите Chromium и не меняйте его user agent.',
  },
  page_changed: {
    sentence: 'WhatsApp Web изменился, и wad пока не умеет с ним работать',
    action: 'Обновите wad.',
  },
};

export const actions = {
  stopped: 'Нажмите «Запустить», чтобы подключиться снова. Сессия сохранена.',
  qr_expired: 'Нажмите «Показать новый код», когда телефон будет под рукой.',
  browser_missing: 'Установите его (apt install chromium) и нажмите «Попробовать сейчас».',
};

export const retries = {
  never: 'wad ждёт вашего решения.',
  at_once: 'wad сам получает новый код.',
  backoff: 'wad пробует снова сам, делая паузы всё длиннее.',
  slowly: 'wad каждые несколько минут проверяет, не заработало ли.',
  now: 'wad пробует снова прямо сейчас.',
};

export const errors = {
  timeout: 'wad не ответил вовремя. Попробуйте ещё раз.',
  unreachable: 'Сейчас wad недоступен. Попробуйте ещё раз чуть позже.',
  too_many: 'Слишком много запросов. Подождите минуту.',
  unauthorized: 'Для этого нужен токен доступа.',
  invalid_phone: 'Это не похоже на номер с кодом страны. В нём от 7 до 15 цифр, например +7\u00a0999\u00a0123\u201145\u201167.',
  already_linked: 'Телефон уже подключён. Чтобы подключить другой, сначала выйдите.',
  origin_refused: 'Этой странице нельзя отправлять команды: её адреса нет в allowed_origins.',
  not_accepted: 'Сейчас wad не может это выполнить. Попробуйте чуть позже.',
  internal_error: 'В wad произошла внутренняя ошибка; подробности в журнале.',
  other: 'Не получилось. Попробуйте ещё раз.',
};

export const texts = {
  skip: 'Перейти к содержанию',
  language: 'Язык',

  link_connecting: 'Соединение',
  link_live: 'На связи',
  link_polling: 'Опрос',
  link_away: 'Нет ответа',
  link_hint: 'Связь с wad',

  away: 'wad не отвечает; пробуем снова…',
  away_last: 'Ниже показано последнее, что известно.',
  look_for_wad: 'Ищем wad',
  away_headline: 'wad не отвечает',
  away_lead: 'Страница продолжает попытки и восстановится сама. Запущен ли wad и есть ли сеть на этом устройстве?',
  at_work: 'Минуту',
  last_known: (state) => `Последнее известное: ${state.toLowerCase()}`,

  code_headline: 'Отсканируйте код телефоном',
  code_alt: 'QR-код для сканирования в WhatsApp на телефоне',
  code_renewing: 'Получаем новый код…',
  code_away: 'Код больше не действует. Новый появится, когда wad снова ответит.',
  code_left: (n) => `Новый код через ${n} ${seconds(n)}`,
  scan_steps: 'Как отсканировать',
  scan_1: 'Откройте *WhatsApp* на телефоне',
  scan_2: 'Нажмите *Меню* на Android или *Настройки* на iPhone, затем *Связанные устройства*',
  scan_3: 'Нажмите *Привязка устройства*',
  scan_4: 'Наведите камеру на этот код',
  by_phone: 'Связать по номеру телефона',
  to_code: 'Вернуться к QR-коду',

  form_headline: 'Связать по номеру телефона',
  form_lead: 'WhatsApp выдаст код, который нужно ввести на телефоне. Камера не понадобится.',
  phone_label: 'Номер телефона аккаунта WhatsApp',
  phone_hint: 'С кодом страны, например +7\u00a0999\u00a0123\u201145\u201167',
  get_code: 'Получить код',
  getting_code: 'Запрашиваем…',

  entry_headline: 'Введите этот код на телефоне',
  entry_label: 'Код для ввода на телефоне',
  entry_left: (m, s) =>
    m
      ? `Действует ещё ${m} ${minutes(m)}${s ? ` ${s} ${seconds(s)}` : ''}`
      : `Действует ещё ${s} ${seconds(s)}`,
  entry_steps: 'Как ввести код',
  entry_1: 'Откройте *WhatsApp* на телефоне',
  entry_2: 'Нажмите *Меню* на Android или *Настройки* на iPhone, затем *Связанные устройства*',
  entry_3: 'Нажмите *Привязка устройства*, затем *Связать по номеру телефона*',
  entry_4: 'Введите этот код',
  copy: 'Скопировать',
  copied: 'Скопировано',
  copy_failed: 'Выделите и скопируйте вручную',

  working_lead: 'Обычно это занимает меньше минуты.',
  scanned_headline: 'Код отсканирован, загружаем чаты',
  syncing_headline: 'Загружаем ваши чаты',
  syncing_lead: 'Не закрывайте WhatsApp на телефоне, пока загрузка не закончится.',
  progress_label: 'Загрузка чатов',
  progress_value: (n) => `${n} %`,

  account_headline: 'WhatsApp подключён',
  account_lead: 'wad сам поддерживает связь. Эту страницу можно закрыть.',
  account: 'Подключённый аккаунт',
  account_name: 'Имя',
  account_number: 'Номер',
  account_platform: 'Телефон',
  account_since: 'Подключён с',
  account_hidden: 'Чей аккаунт подключён, видно только с токеном доступа.',
  nameless: 'Без имени',

  idle_headline: 'WhatsApp не запущен',
  idle_lead: 'Запустите его, чтобы подключить телефон или продолжить сохранённую сессию.',
  what_to_do: 'Что вы можете сделать',
  meanwhile: 'Тем временем',
  refused_what: 'Что заблокировано',
  refused_why: 'Ошибка',

  locked_headline: 'Код защищён',
  locked_lead: 'Введите токен доступа, чтобы его увидеть.',
  token_title: 'Токен доступа',
  token_lead: 'Этот wad защищён. С токеном видны код и аккаунт и можно отправлять команды.',
  token_label: 'Токен',
  token_hint: 'Он записан в файле, указанном в настройках как token_file.',
  token_send: 'Открыть доступ',
  token_wrong: 'Этот токен не подходит.',
  token_missing: 'Введите токен.',
  token_forget: 'Забыть токен',

  controls: 'Действия',
  start: 'Запустить',
  start_code: 'Показать новый код',
  start_again: 'Попробовать сейчас',
  stop: 'Остановить',
  reset: 'Сбросить…',
  logout: 'Выйти…',

  reset_title: 'Удалить сессию?',
  reset_text:
    'Сохранённая сессия будет удалена, и появится новый код. WhatsApp останется отключённым, пока код не отсканируют. На телефоне в списке связанных устройств может остаться прежняя запись.',
  reset_confirm: 'Удалить и начать заново',
  logout_title: 'Выйти из WhatsApp?',
  logout_text:
    'WhatsApp завершит сеанс, и сессия будет удалена. Чтобы подключиться снова, понадобится отсканировать новый код.',
  logout_confirm: 'Выйти',
  cancel: 'Отмена',

  timeline: 'Что происходило',
  timeline_empty: 'Пока ничего.',

  sandbox: 'Песочница: настоящий телефон этот код не отсканирует.',
  sandbox_lead: 'Подходящий телефон есть ниже.',
  phone: 'Телефон песочницы',
  phone_lead: 'Здесь можно попробовать всё, что случается с телефоном, сетью и WhatsApp.',
  phone_done: (name) => `${name}: готово`,
  phone_refused: (name, why) => `${name}: ${why}`,
  phone_group_link: 'Телефон',
  phone_group_code: 'Коды',
  phone_group_chats: 'Чаты',
  phone_group_network: 'Сеть',
  phone_group_servers: 'Серверы WhatsApp',
  phone_group_browser: 'Браузер',
  phone_scan: 'Отсканировать код',
  phone_enter_code: 'Ввести код привязки',
  phone_logout: 'Отвязать устройство',
  phone_refuse_pairing: 'Не выдавать коды по номеру',
  phone_allow_pairing: 'Выдавать коды по номеру',
  phone_next_ref: 'Следующий код',
  phone_spend: 'Израсходовать коды',
  phone_stall_sync: 'Задержать чаты',
  phone_resume_sync: 'Передать чаты',
  phone_fail_sync: 'Не передавать историю',
  phone_offline: 'Отключить сеть',
  phone_online: 'Включить сеть',
  phone_block_hosts: 'Заблокировать серверы',
  phone_unblock_hosts: 'Разблокировать серверы',
  phone_ban: 'Забанить аккаунт',
  phone_unban: 'Снять бан',
  phone_service_unavailable: 'Сервис недоступен',
  phone_service_restored: 'Сервис снова работает',
  phone_terms: 'Новые условия',
  phone_deprecated: 'Версия устарела',
  phone_conflict: 'Другой сеанс',
  phone_replace: 'Открыть в другом окне',
  phone_reload: 'Перезагрузить страницу',
  phone_crash: 'Обрушить страницу',
  phone_hang: 'Подвесить на 10 с',
  phone_recover: 'Устранить все неполадки',

  version: (version) => `wad ${version}`,
  footer: 'О программе',
  link_api: 'API',
  link_status: 'Статус',
  link_health: 'Состояние',
  manual: 'Справка: man wad',

  title_connecting: 'Соединение',
  title_away: 'Нет ответа',
  title_code: 'Отсканируйте код',
  title_entry: 'Введите код',
  title_form: 'Номер телефона',
  title_working: 'Минуту',
  title_progress: 'Загрузка чатов',
  title_account: 'Подключено',
  title_idle: 'Не запущено',
  title_trouble: 'Связь прервана',
  title_blocked: 'Нужна ваша помощь',
  title_locked: 'Нужен токен',
};
