"""The special tokens of models that people run, as their vocabularies and templates write them."""

from __future__ import annotations

TOKENS = tuple(
    """
<|im_start|> <|im_end|> <|im_middle|> <|im_sep|> <|endoftext|> <|fim_prefix|> <|vision_start|>
<|begin_of_text|> <|start_header_id|> <|end_header_id|> <|eot_id|> <|eom_id|> <|python_tag|>
<|header_start|> <|header_end|> <|eot|> <|system|> <|user|> <|assistant|> <|end|> <|tool|>
<|start|> <|channel|> <|message|> <|return|> <|call|> <|constrain|> <|observation|>
<|START_OF_TURN_TOKEN|> <|END_OF_TURN_TOKEN|> <|USER_TOKEN|> <|CHATBOT_TOKEN|>
<|start_of_role|> <|end_of_role|> <|turn> <turn|> <|think|> <|"|>
<｜User｜> <｜Assistant｜> <｜begin▁of▁sentence｜> <｜end▁of▁sentence｜> <｜tool▁calls▁begin｜>
[INST] [/INST] <<SYS>> <</SYS>> [AVAILABLE_TOOLS] [/AVAILABLE_TOOLS] [TOOL_CALLS] [TOOL_RESULTS]
[SYSTEM_PROMPT] [/SYSTEM_PROMPT] [IMG] [THINK] [/THINK] [gMASK] [MASK] [CLS] [SEP]
[UNUSED_TOKEN_145]
<s> </s> <unk> <pad> <bos> <eos> <sop> <eop> <mask> <start_of_turn> <end_of_turn> <start_of_image>
<think> </think> <tool_call> </tool_call> <tool_response> <fim_prefix> <file_sep> <__media__>
<unused12> <extra_id_0> <seed:bos> <seed:think> <minimax:tool_call> ]~b] ]~!b[ [e~[
[|system|] [|endofturn|] >>QUESTION<< >>ANSWER<<
""".split()
)
