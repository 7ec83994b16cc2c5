terraform import openai_fine_tuning_checkpoint_permissions.answers ft:gpt-4o-mini-2024-07-18:acme:answers:abc123
