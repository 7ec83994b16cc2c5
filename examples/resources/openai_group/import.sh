terraform import openai_group.support group_123
