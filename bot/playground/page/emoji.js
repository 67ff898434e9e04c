// The emoji names that turn up in operations talk, as Unicode. An unknown name stays as typed, and
// so does every name on a machine whose fonts have no emoji, where a box would tell nobody anything.

const NAMES = {
  "+1": "👍", "-1": "👎", thumbsup: "👍", thumbsdown: "👎", ok_hand: "👌", clap: "👏", wave: "👋",
  pray: "🙏", muscle: "💪", point_right: "👉", point_up: "☝️", point_down: "👇", raised_hands: "🙌",
  eyes: "👀", brain: "🧠", smile: "😄", smiley: "😃", grin: "😁", slightly_smiling_face: "🙂",
  wink: "😉", joy: "😂", thinking_face: "🤔", sweat_smile: "😅", cry: "😢", scream: "😱",
  sunglasses: "😎", sleeping: "😴", zzz: "💤", robot_face: "🤖", ghost: "👻", heart: "❤️",
  blue_heart: "💙", green_heart: "💚", fire: "🔥", sparkles: "✨", star: "⭐", star2: "🌟",
  tada: "🎉", rocket: "🚀", boom: "💥", zap: "⚡", bulb: "💡", gem: "💎", trophy: "🏆",
  white_check_mark: "✅", heavy_check_mark: "✔️", ballot_box_with_check: "☑️", x: "❌",
  negative_squared_cross_mark: "❎", warning: "⚠️", no_entry: "⛔", no_entry_sign: "🚫",
  exclamation: "❗", question: "❓", bangbang: "‼️", information_source: "ℹ️", octagonal_sign: "🛑",
  rotating_light: "🚨", construction: "🚧", sos: "🆘", red_circle: "🔴", large_blue_circle: "🔵",
  large_green_circle: "🟢", large_yellow_circle: "🟡", large_orange_circle: "🟠",
  white_circle: "⚪", black_circle: "⚫", large_green_square: "🟩", large_red_square: "🟥",
  arrow_up: "⬆️", arrow_down: "⬇️", arrow_right: "➡️", arrow_left: "⬅️", arrow_forward: "▶️",
  arrow_upper_right: "↗️", arrow_lower_right: "↘️", repeat: "🔁", arrows_counterclockwise: "🔄",
  fast_forward: "⏩", double_vertical_bar: "⏸️", pause_button: "⏸️", black_square_for_stop: "⏹️",
  alarm_clock: "⏰", clock8: "🕗", clock9: "🕘", stopwatch: "⏱️", timer_clock: "⏲️", watch: "⌚",
  hourglass: "⌛", hourglass_flowing_sand: "⏳", calendar: "📆", date: "📅", spiral_calendar_pad: "🗓️",
  bell: "🔔", no_bell: "🔕", mega: "📣", loudspeaker: "📢", speech_balloon: "💬", memo: "📝",
  pencil2: "✏️", clipboard: "📋", page_facing_up: "📄", pushpin: "📌", paperclip: "📎", link: "🔗",
  bookmark: "🔖", mag: "🔍", lock: "🔒", unlock: "🔓", key: "🔑", shield: "🛡️", gear: "⚙️",
  wrench: "🔧", hammer: "🔨", hammer_and_wrench: "🛠️", nut_and_bolt: "🔩", toolbox: "🧰",
  package: "📦", file_cabinet: "🗄️", card_file_box: "🗃️", floppy_disk: "💾", cd: "💿",
  computer: "💻", desktop_computer: "🖥️", satellite: "🛰️", satellite_antenna: "📡", cloud: "☁️",
  bar_chart: "📊", chart_with_upwards_trend: "📈", chart_with_downwards_trend: "📉",
  moneybag: "💰", money_with_wings: "💸", dollar: "💵", euro: "💶", credit_card: "💳",
  receipt: "🧾", elephant: "🐘", whale: "🐳", ship: "🚢", anchor: "⚓", wheel_of_dharma: "☸️",
  globe_with_meridians: "🌐", earth_africa: "🌍", office: "🏢", factory: "🏭", hospital: "🏥",
  stethoscope: "🩺", thermometer: "🌡️", test_tube: "🧪", microscope: "🔬", bug: "🐛",
  detective: "🕵️", sleuth_or_spy: "🕵️", male_detective: "🕵️", female_detective: "🕵️",
  compass: "🧭", world_map: "🗺️", snake: "🐍", turtle: "🐢", owl: "🦉", seedling: "🌱",
  coffee: "☕", pizza: "🍕", sunny: "☀️", snowflake: "❄️", umbrella: "☔", rainbow: "🌈",
};

/** Whether this machine draws emoji: in colour, which no letter and no missing-glyph box has. */
function drawsEmoji() {
  const side = 16;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.textBaseline = "top";
  context.font = `${side}px sans-serif`;
  context.fillText(NAMES.red_circle, 0, 0);
  const { data } = context.getImageData(0, 0, side, side);
  for (let at = 0; at < data.length; at += 4) if (data[at] !== data[at + 2]) return true;
  return false;
}

const drawn = drawsEmoji();

/** The character for an emoji name (without colons), or null where it cannot be shown. */
export const emoji = (name) => (drawn && Object.hasOwn(NAMES, name) ? NAMES[name] : null);
