// Tells of a group what must be known before anything is sent to it: whether one may write, and who one is there.
//
// Read in the page's modules of 2026, and not measured: whether people go by number or by LID is the group's own
// matter; a message's key has its author behind it in that form, and receipts name it so. What the page does not know
// of a group it asks for: 404 is a group that is not there, 403 one that the account is not in. Such a message would
// stay at ack 0 for ever.
(modules) => {
  'use strict';
  const NO_SUCH = 404;
  const NOT_IN = 403;
  const collections = () => modules('WAWebCollections', 'Chat', 'Msg');
  // Builds before 2026 have the shorter name.
  const metadata = () => collections().WAWebGroupMetadataCollection ?? collections().GroupMetadata;
  // Of a group with a chat the page knows it by the chat, too, wherever else it may keep that.
  const known = (wid) => metadata()?.get?.(wid) ?? collections().Chat.get(wid)?.groupMetadata ?? null;
  const find = async (wid) => (await metadata()?.find?.(wid)) ?? known(wid);

  // What the servers said, where it means that nothing will ever go out; builds differ in the name.
  const status = (error) => {
    const code = Number(error?.statusCode ?? error?.status);
    return [NO_SUCH, NOT_IN].includes(code) ? code : null;
  };

  // A list without anybody is one that has not come yet.
  const closed = ({ participants, announce }) => {
    if (!participants?.length) return false;
    if (participants.iAmMember?.() === false) return true;
    return Boolean(announce) && participants.iAmAdmin?.() === false;
  };

  // Why nothing can be sent there; null where it can, or where the page does not tell.
  const refusal = async (wid) => {
    try {
      return closed((await find(wid)) ?? {}) ? 'rejected' : null;
    } catch (error) {
      const code = status(error);
      if (code === null) throw error;
      return code === NO_SUCH ? 'invalid_recipient' : 'rejected';
    }
  };

  // Whether there is such a group at all, and the account is in it.
  const absent = async (wid) => {
    try {
      return (await find(wid)) ? null : 'absent';
    } catch (error) {
      if (status(error) === null) throw error;
      return 'absent';
    }
  };

  const mine = () => {
    const me = modules('WAWebUserPrefsMeUser', 'getMaybeMePnUser', 'getMaybeMeLidUser');
    return { pn: me.getMaybeMePnUser(), lid: me.getMaybeMeLidUser() };
  };

  // Who one is in a chat: `find` comes before, for a group.
  const me = (wid) => {
    const { pn, lid } = mine();
    const byLid = wid.isLid() || (wid.isGroup() && known(wid)?.isLidAddressingMode);
    return (byLid && lid) || pn;
  };

  // What a key has behind it in a group, and nowhere else.
  const participant = (wid) => (wid.isGroup() ? me(wid) : undefined);

  // A message of one's own in a group, under each of the ids that it can have: a group may have changed its form.
  const spellings = (id) => {
    const [fromMe, chat, key] = id.split('_');
    if (fromMe !== 'true' || !chat?.endsWith('@g.us')) return [id];
    const whole = Object.values(mine()).filter(Boolean).map((each) => `true_${chat}_${key}_${each}`);
    return [id, ...whole.filter((each) => each !== id)];
  };

  return { find, absent, status, refusal, me, participant, spellings };
}
