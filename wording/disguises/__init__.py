"""What a reader hears in a disguised text: look-alikes, homophones and pinyin, each with its position."""
