"""What people type to a shell, put as the command that does as much here: `ls`, `cat 12`, `grep -i lorota`."""

from opsdesk.commands.word_lists.keeping import END, NAME, N

OTHER = r"(?P<rest>(?:#|inc-)?\d{1,9})"

SHELL = (
    (r"(?:ls|dir|ll)(?: -\w+)*(?: (?P<rest>mine|open|today|week))?[\s.!]*", "incident list {rest}"),
    (rf"(?:cat|less|tail|head|tl|hist|log|git (?:show|log))(?: -\w+)* {N}{END}", "incident {n}"),
    (rf"mv {N} (?:to )?{NAME}{END}", "incident assign {n} {rest}"),
    (rf"ln(?: -s)? {N} {OTHER}{END}", "incident note {n} related to {rest}"),
    (r"grep(?: -\w+)+ (?P<rest>.+)", "incident search {rest}"),
    (rf"(?:git )?blame {NAME}{END}", "whois {rest}"),
    (rf"man {NAME}{END}", "runbook {rest}"),
    (r"[-–—]{1,2}(?:help|h)|/help|man", "desk help"),
    (rf"sev(?:erity)? {N} (?P<rest>[1-3]){END}", "incident update {n} --sev {rest}"),
)
