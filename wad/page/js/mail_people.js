// Reads the lists that the page keeps: chats, a chat's messages, contacts, groups and pictures. Nothing is changed.
//
// Lists are given in parts. What follows a part is asked for by the last item's place in the order, not by counting:
// a chat that moves up meanwhile is not missed, and none comes twice but those that moved down.
(modules, values, groups, sending, put) => {
  'use strict';
  const { Chat } = modules('WAWebCollections', 'Chat', 'Msg');
  const collections = () => modules('WAWebCollections', 'Chat', 'Contact');
  const refused = (failure) => ({ refused: failure });

  const text = (value) => (value === undefined || value === null || value === '' ? null : String(value));
  const whole = (value) => (Number.isFinite(value) ? Math.floor(value) : null);

  // Behind `after` in the order of [number down, id up], or of [name up, id up].
  const compare = ([a, x], [b, y]) => (a === b ? (x < y ? -1 : Number(x > y)) : a < b ? -1 : 1);
  const part = (all, placeOf, after, count, shown) => {
    const sorted = all.map((model) => ({ model, place: placeOf(model) })).sort((a, b) => compare(a.place, b.place));
    const behind = after === null ? sorted : sorted.filter(({ place }) => compare(place, after) > 0);
    const given = behind.slice(0, count);
    const following = behind.length > count ? given.at(-1).place : null;
    return { items: given.map(({ model }) => shown(model)), following };
  };

  const last = (model) => {
    const found = (model.msgs?.getModelsArray?.() ?? []).filter((each) => !values.isSystem(each)).at(-1);
    return found ? values.message(found) : null;
  };

  const listed = (model) => ({
    ...{ chat: values.chat(model.id), unread: model.unreadCount ?? 0, timestamp: whole(model.t), last: last(model) },
    ...{ archived: Boolean(model.archive), pinned: Boolean(model.pin) },
    mutedUntil: whole(model.mute?.expiration) ?? 0,
  });

  const chats = async (after, count) =>
    part(Chat.getModelsArray(), (model) => [-(model.t ?? 0), String(model.id)], after, count, listed);

  const known = (id) => {
    try {
      return sending.existing(sending.wid(id)) ?? null;
    } catch {
      return null;
    }
  };

  const chat = async (id) => {
    const model = known(id);
    return model ? listed(model) : refused('absent');
  };

  // Newest first. What the page has not in memory it loads from its own store, and then from the phone.
  const history = async (id, before, count) => {
    const model = known(id);
    if (!model) return refused('absent');
    const found = () => {
      const all = (model.msgs?.getModelsArray?.() ?? []).filter((each) => !values.isSystem(each));
      const end = before === null ? all.length : all.findIndex((each) => String(each.id) === before);
      return end < 0 ? null : all.slice(0, end);
    };
    const loading = modules('WAWebChatLoadMessages', 'loadEarlierMsgs');
    let older = found();
    while (older === null || older.length <= count) {
      const size = model.msgs.getModelsArray().length;
      const loaded = await loading?.loadEarlierMsgs({ chat: model });
      if (!loaded?.length || model.msgs.getModelsArray().length === size) break;
      older = found();
    }
    if (older === null) return refused('absent');
    const given = older.slice(-count).reverse();
    const following = older.length > given.length ? String(given.at(-1).id) : null;
    return { items: given.map(values.message), following };
  };

  const names = () => ({
    getters: modules('WAWebContactGetters', 'getName', 'getPushname'),
    shown: modules('WAWebFrontendContactGetters', 'getFormattedName'),
  });

  const named = (model) => {
    const { getters, shown } = names();
    const read = (getter, name) => text(getter ? getter(model) : model[name]);
    const name = read(getters?.getName, 'name') ?? read(shown?.getFormattedName, 'formattedName');
    return { name, pushname: read(getters?.getPushname, 'pushname') };
  };

  const contact = (model) => {
    const { name, pushname } = named(model);
    return {
      chat: { ...values.chat(model.id), name }, pushname, shortName: text(model.shortName),
      ...{ isMine: Boolean(model.isMyContact ?? model.isAddressBookContact), isBusiness: Boolean(model.isBusiness) },
      isBlocked: Boolean(modules('WAWebCollections', 'Blocklist')?.Blocklist?.get?.(model.id)),
    };
  };

  // People alone, each once: of somebody who is there by number and by LID the number counts.
  const contacts = async (after, count, search) => {
    const lids = modules('WAWebApiContact', 'getCurrentLid', 'getPhoneNumber');
    const once = (model) => !model.id.isLid() || !lids?.getPhoneNumber(model.id);
    const wanted = (model) => {
      if (!search) return true;
      const { name, pushname } = named(model);
      return [name, pushname, model.id.user].some((each) => String(each ?? '').toLowerCase().includes(search));
    };
    const people = collections().Contact.getModelsArray().filter((each) => each.id.isUser() && once(each) && wanted(each));
    const placeOf = (model) => [(named(model).name ?? '').toLowerCase(), String(model.id)];
    return part(people, placeOf, after, count, contact);
  };

  const check = async (number) => {
    const { queryWidExists } = modules('WAWebQueryExistsJob', 'queryWidExists');
    const found = await queryWidExists(sending.wid(number));
    return found === null ? { exists: false } : { exists: true, chat: values.chat(found.wid) };
  };

  const group = async (id) => {
    const wid = sending.wid(id);
    const failure = await groups.absent(wid);
    if (failure) return refused(failure);
    const found = await groups.find(wid);
    const members = found?.participants?.getModelsArray?.() ?? found?.participants ?? [];
    return {
      chat: values.chat(wid), created: whole(found?.creation), owner: text(found?.owner),
      ...{ description: text(found?.desc), closed: Boolean(found?.announce) },
      members: members.map((each) => ({
        chat: values.chat(each.id), isAdmin: Boolean(each.isAdmin || each.isSuperAdmin), isOwner: Boolean(each.isSuperAdmin),
      })),
    };
  };

  const picture = async (id, token) => {
    const { ProfilePicThumb } = modules('WAWebCollections', 'ProfilePicThumb');
    const found = await ProfilePicThumb.find(sending.wid(id));
    const url = found?.eurl ?? found?.img;
    if (!url) return refused('absent');
    const answer = await fetch(url, { credentials: 'omit', referrerPolicy: 'no-referrer' });
    // What the page remembers may be of a picture that is there no more.
    if (answer.status === 404) return refused('absent');
    if (!answer.ok) return { unreachable: `HTTP ${answer.status}` };
    put(token, await answer.blob());
    return { tag: text(found.tag) };
  };

  // For the account itself: what the page then knows, `read.js` tells.
  const { ProfilePicThumb: pictures } = modules('WAWebCollections', 'ProfilePicThumb') ?? {};
  const me = modules('WAWebUserPrefsMeUser', 'getMaybeMePnUser')?.getMaybeMePnUser();
  if (pictures && me) Promise.resolve(pictures.find(me)).catch(() => {});

  return { chats, chat, history, contacts, check, group, picture };
}
