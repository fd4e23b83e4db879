// On a phone the rooms stand in one row that is wider than the screen: the one somebody is in is brought into sight.
document.querySelector("nav [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });
